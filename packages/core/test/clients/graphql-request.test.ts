import { cases } from '@fixtures/fidelity/cases/graphql-request.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
