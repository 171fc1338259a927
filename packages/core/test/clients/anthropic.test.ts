import { cases } from '@fixtures/fidelity/cases/anthropic.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases, 2)
