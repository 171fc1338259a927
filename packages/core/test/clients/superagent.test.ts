import { cases } from '@fixtures/fidelity/cases/superagent.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
