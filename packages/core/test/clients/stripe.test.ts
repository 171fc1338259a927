import { cases } from '@fixtures/fidelity/cases/stripe.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
