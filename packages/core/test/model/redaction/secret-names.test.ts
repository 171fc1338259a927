import { expect, test } from 'vitest'
import { isSecretName, type SecretPlace } from '../../../src/model/redaction/secret-names.ts'

const places: SecretPlace[] = ['header', 'query', 'field', 'cookie']

test.each([
  'access_token',
  'accessToken',
  'ACCESS-TOKEN',
  'api_key',
  'api_sig',
  'apiKey',
  'client_secret',
  'password',
  'refresh.token',
  'X-Amz-Signature',
  'sig',
  'token',
  'OPENAI_API_KEY',
  'newPassword',
  'session_key',
  'stripeWebhookSecret',
  'X-Auth-Token',
  'X-Vault-Token',
  'resetToken',
  'backend_token',
  'developer-token',
])('%s is secret wherever it stands', (name) => {
  for (const place of places) expect(isSecretName(place, name)).toBe(true)
})

test.each([
  'next_token',
  'pageToken',
  'nextPageToken',
  'continuation_token',
  'nextSyncToken',
  'eos_token',
  'max_tokens',
  'total_tokens',
  'keyword',
  'public_key',
  'author',
  'secretary',
  'token_type',
  'constructor',
  '__proto__',
  '',
])('"%s" is no secret', (name) => {
  for (const place of places) expect(isSecretName(place, name)).toBe(false)
})

test.each<[string, SecretPlace]>([
  ['key', 'query'],
  ['connect.sid', 'cookie'],
  ['sess', 'cookie'],
  ['Proxy-Authorization', 'header'],
  ['Stripe-Signature', 'header'],
  ['KC-API-SIGN', 'header'],
  ['X-Appwrite-Key', 'header'],
  ['X-ClickHouse-Key', 'header'],
  ['X-JFrog-Art-Api', 'header'],
  ['X-Metabase-Session', 'header'],
  ['Cf-Access-Jwt-Assertion', 'header'],
])('%s is secret as a %s alone', (name, place) => {
  for (const other of places) expect(isSecretName(other, name)).toBe(other === place)
})
