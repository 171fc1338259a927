import { cases } from '@fixtures/fidelity/cases/node-fetch.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
