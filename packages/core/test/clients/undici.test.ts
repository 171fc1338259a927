import { cases } from '@fixtures/fidelity/cases/undici.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
