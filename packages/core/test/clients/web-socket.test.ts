import { cases } from '@fixtures/fidelity/cases/global-web-socket.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
