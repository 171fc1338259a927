import { expect, test } from 'vitest'
import { recordBody } from '../../../src/model/body.ts'
import { Redactor } from '../../../src/model/redaction/redactor.ts'
import { secretPatterns } from '../../../src/model/redaction/secret-patterns.ts'

const letters = 'a1'.repeat(20)
const capitals = 'A1B2C3D4E5F6G7H8'
const jwt = (start: string) => `${start}${letters}.${start}${letters}.${letters}`

/** By the name of a shape: what has it, whole, and in brackets what of it stays. */
const examples: Readonly<Record<string, readonly string[]>> = {
  'private key (PEM)': [
    '-----BEGIN PRIVATE KEY-----MIIEvQ-----END PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----MIIEvQ-----END RSA PRIVATE KEY-----',
  ],
  'JSON Web Token': [jwt('eyJ')],
  'GitHub token': ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'].map(
    (start) => start + letters,
  ),
  'GitLab token': ['glpat-', 'gloas-', 'glrt-', 'glffct-'].map((start) => start + letters),
  'Stripe key': ['sk_live_', 'sk_test_', 'rk_live_', 'rk_prod_', 'whsec_'].map(
    (start) => start + letters,
  ),
  'OpenAI client secret': [`ek_${'0f'.repeat(16)}`],
  'OpenAI or Anthropic key': [`sk-${letters}`, `sk-ant-api03-${letters}`],
  'AWS access key ID': ['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((start) => start + capitals),
  'Slack token': ['xoxb-', 'xoxp-', 'xoxe.xoxp-', 'xapp-1-'].map((start) => start + letters),
  'Slack webhook': [`(https://hooks.slack.com/services/)T0/B0/${letters}`],
  'Discord webhook': [`(https://discord.com/api/webhooks/123456/)${letters}`],
  'Telegram bot token': [`12345678:AA${letters}`, `1234567890%3AAA${letters}`],
  'Google key or token': [`AIza${letters.slice(0, 35)}`, `ya29.${letters}`, `GOCSPX-${letters}`],
  'npm token': [`npm_${letters}`],
  'SendGrid key': [`SG.${letters}.${letters}`],
  'Shopify token': ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'].map(
    (start) => start + letters,
  ),
  'user and password in a URL': ['(https://)user:pass(@db.test/)'],
  'Bearer or Basic credential': [
    `(Bearer )${letters}`,
    `(basic )${letters}`,
    `(BEARER )${letters}`,
  ],
}
const prefixes =
  'hf_ lin_api_ ntn_ glsa_ dckr_pat_ figd_ hvs. hvb. tskey- gsk_ pypi- dop_v1_ doo_v1_ dor_v1_ sntrys_ sntryu_ ATATT3'
const withPrefix = [
  ...prefixes.split(' ').map((start) => start + letters),
  `dapi${'0f'.repeat(16)}`,
]
const examplesOf = (name: string) =>
  name.startsWith('other tokens') ? withPrefix : (examples[name] ?? [])

function hiddenInText(text: string): string {
  const headers = [['content-type', 'text/html']] as const
  const body = recordBody([{ afterMs: 0, bytes: Buffer.from(text) }], headers)!
  const response = new Redactor().response({ status: 200, statusText: 'OK', headers, body })
  return response.body !== undefined && 'text' in response.body ? response.body.text : ''
}

test.each(secretPatterns.map(({ name, needs = [] }) => ({ name, needs })))(
  'a text with the shape $name has it hidden',
  ({ name, needs }) => {
    const found = examplesOf(name)
    expect(found).not.toEqual([])
    for (const example of found) {
      const whole = example.replaceAll(/[()]/g, '')
      const kept = [...example.matchAll(/\(([^)]*)\)/g)].map(([, part]) => part!)
      expect(hiddenInText(`look: ${whole} there`)).toBe(
        `look: ${kept[0] ?? ''}[REDACTED]${kept[1] ?? ''} there`,
      )
    }
    for (const part of needs) expect(found.some((example) => example.includes(part))).toBe(true)
  },
)

test.each(['https://hooks.slack.com/services/', 'https://discord.com/api/webhooks/123456/'])(
  'the secret of the webhook %s is hidden in the URL of a request',
  (webhook) => {
    const secret = 'a1'.repeat(20)
    const request = { method: 'POST', url: webhook + secret, headers: [] }

    expect(new Redactor().request(request).url).toBe(`${webhook}[REDACTED]`)
  },
)
