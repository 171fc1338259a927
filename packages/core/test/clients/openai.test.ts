import { cases } from '@fixtures/fidelity/cases/openai.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases, 2)
