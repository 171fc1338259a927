import { cases } from '@fixtures/fidelity/cases/gaxios.ts'
import { describeClient } from '../support/describe-client.ts'

describeClient(cases)
