import { cases } from '@fixtures/fidelity/cases/s3.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
