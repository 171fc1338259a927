import { cases } from '@fixtures/fidelity/cases/ws.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
