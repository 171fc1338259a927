import { cases } from '@fixtures/fidelity/cases/fetch.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases, 2)
