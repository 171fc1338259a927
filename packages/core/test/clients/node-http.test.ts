import { cases } from '@fixtures/fidelity/cases/http.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
