/** A shape by which a credential is known wherever it stands. */
export interface SecretPattern {
  /** What it finds, for the documentation; its slot among the placeholders. */
  readonly name: string
  /** Global; with a group `secret` (and the flag `d`) only that group is the secret. */
  readonly pattern: RegExp
  /** One of these stands in every text that has it; they are found much faster. */
  readonly needs?: readonly string[]
  /** Whether it finds what stands behind a certain host, whose URL has to be searched as a whole. */
  readonly isBehindHost?: true
}

/**
 * The built-in shapes. Each is what the issuer documents, or what secret scanners look for; lengths
 * are lower bounds, since issuers lengthen their tokens.
 */
export const secretPatterns: readonly SecretPattern[] = [
  {
    name: 'private key (PEM)',
    needs: ['-----BEGIN '],
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){1,20000}-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g,
  },
  {
    name: 'JSON Web Token',
    needs: ['eyJ'],
    pattern: /(?<![\w-])eyJ[\w-]{5,65536}\.eyJ[\w-]{5,}\.[\w-]*/g,
  },
  {
    name: 'GitHub token',
    needs: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g,
  },
  {
    name: 'GitLab token',
    needs: ['gl'],
    pattern: /(?<![A-Za-z0-9])gl(?:pat|oas|rt|ptt|dt|cbt|ft|soat|imt|agent|ffct)-[\w.-]{20,}/g,
  },
  {
    name: 'Stripe key',
    needs: ['k_', 'whsec_'],
    pattern:
      /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/]{16,}=*)/g,
  },
  {
    name: 'OpenAI or Anthropic key',
    needs: ['sk-'],
    // Class names of style sheets begin so too, but have no digit.
    pattern: /(?<![A-Za-z0-9_-])sk-(?=[\w-]*\d)[\w-]{20,}/g,
  },
  {
    name: 'OpenAI client secret',
    needs: ['ek_'],
    pattern: /(?<![A-Za-z0-9])ek_[0-9a-f]{32,}/g,
  },
  {
    name: 'AWS access key ID',
    needs: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  {
    name: 'Slack token',
    needs: ['xox', 'xapp-'],
    pattern: /(?<![A-Za-z0-9])(?:xox[abceoprs](?:\.xox[a-z])?-|xapp-\d-)[\w-]{10,}/g,
  },
  {
    name: 'Slack webhook',
    needs: ['hooks.slack.com'],
    isBehindHost: true,
    pattern: /(?<=hooks\.slack\.com\\?\/(?:services|workflows|triggers)\\?\/)[\w/\\-]{20,}/g,
  },
  {
    name: 'Discord webhook',
    needs: ['webhooks'],
    isBehindHost: true,
    pattern: /(?<=discord(?:app)?\.com\\?\/api\\?\/webhooks\\?\/\d{5,25}\\?\/)[\w-]{20,}/g,
  },
  {
    name: 'Telegram bot token',
    needs: ['AA'],
    pattern: /(?<!\d)\d{8,10}(?::|%3[Aa])AA[\w-]{32,}/g,
  },
  {
    name: 'Google key or token',
    needs: ['AIza', 'ya29.', 'GOCSPX-'],
    pattern: /(?<![A-Za-z0-9])(?:AIza[\w-]{35}|ya29\.[\w.-]{20,}|GOCSPX-[\w-]{20,})/g,
  },
  { name: 'npm token', needs: ['npm_'], pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}/g },
  { name: 'SendGrid key', needs: ['SG.'], pattern: /(?<![A-Za-z0-9])SG\.[\w-]{16,}\.[\w-]{16,}/g },
  {
    name: 'Shopify token',
    needs: ['shp'],
    pattern: /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{32,}/g,
  },
  {
    name: 'other tokens with a prefix: Hugging Face, Linear, Notion, Grafana, Docker, Figma, Vault, Databricks, Tailscale, Groq, PyPI, DigitalOcean, Sentry, Atlassian',
    pattern:
      /(?<![A-Za-z0-9_])(?:hf_|lin_api_|ntn_|glsa_|dckr_pat_|figd_|hv[sb]\.|dapi(?=[0-9a-f]{32})|tskey-|gsk_|pypi-|do[opr]_v1_|sntry[su]_|ATATT3)(?=[\w-]*\d)[\w-]{20,}/g,
  },
  {
    name: 'user and password in a URL',
    needs: ['@'],
    // In JSON some write `\/` for `/`. The last `@` ends a password, as in what parses URLs.
    pattern:
      /(?<=:\\?\/\\?\/)[^\s/:@"'<>\\[\]]*:[^\s/@"'<>\\[\]]+(?:@[^\s/@?#&,;"'<>\\[\]]+)*(?=@)/g,
  },
  {
    name: 'Bearer or Basic credential',
    // Prose has these words too, but no digit in the next.
    pattern: /\b(?:Bearer|Basic) +(?<secret>(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*)/dgi,
  },
]

/** Patterns of a user: more than the built-in ones, or with `only` in their place. */
export type PatternList =
  | readonly (RegExp | string)[]
  | { readonly only: readonly (RegExp | string)[] }

/** The patterns in force. */
export function patternsInForce(list: PatternList = []): readonly SecretPattern[] {
  const isOnly = 'only' in list
  const own = (isOnly ? list.only : list).map((pattern) => named(pattern))
  return isOnly ? own : [...secretPatterns, ...own]
}

function named(given: RegExp | string): SecretPattern {
  const pattern = new RegExp(given, typeof given === 'string' ? undefined : given.flags)
  const needed = pattern.source.includes('(?<secret>') ? 'dg' : 'g'
  const flags = [...new Set(`${pattern.flags.replace('y', '')}${needed}`)].join('')
  return { name: pattern.source, pattern: new RegExp(pattern.source, flags) }
}
