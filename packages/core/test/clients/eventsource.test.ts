import { cases } from '@fixtures/fidelity/cases/eventsource.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
