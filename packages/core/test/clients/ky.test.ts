import { cases } from '@fixtures/fidelity/cases/ky.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases, 2)
