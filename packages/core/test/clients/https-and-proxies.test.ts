import { cases } from '@fixtures/fidelity/cases/connections.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
