import { cases } from '@fixtures/fidelity/cases/axios.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
