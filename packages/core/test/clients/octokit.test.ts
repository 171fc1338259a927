import { cases } from '@fixtures/fidelity/cases/octokit.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases, 2)
