import { cases } from '@fixtures/fidelity/cases/got.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
