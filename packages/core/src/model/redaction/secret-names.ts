/** Where a name stands; a few names are secret in one place only. */
export type SecretPlace = 'header' | 'query' | 'field' | 'cookie'

// Compared lower-cased and without `-`, `_`, `.`, as a whole: `nextToken` and `page_token` are none.
const everywhere = [
  'accesskey accesskeyid accesstoken apikey apisecret apitoken auth authkey authorization authtoken',
  'awsaccesskeyid awssecretaccesskey bearer bearertoken clientassertion clientsecret consumersecret',
  'credential credentials csrftoken idtoken jwt oauthtoken oauthtokensecret passphrase passwd password',
  'privatekey pwd refreshtoken secret secretaccesskey secretkey sessionid sessiontoken sharedsecret',
  'sig signature subscriptionkey token webhooksecret xamzcredential xamzsecuritytoken xamzsignature',
  'xapikey xgoogcredential xgoogsignature xsrftoken',
]
const extra: Readonly<Record<SecretPlace, string>> = {
  header:
    'authenticationinfo ddapikey ddapplicationkey jobtoken ocpapimsubscriptionkey privatetoken ' +
    'proxyauthorization xaccesstoken xamzsecuritytoken xauthkey xauthtoken xcsrftoken xfigmatoken ' +
    'xgitlabtoken xgoogapikey xhoneycombteam xsessiontoken xshopifyaccesstoken xvaulttoken xxsrftoken',
  query: 'key',
  field: '',
  cookie: 'session sess sid connectsid phpsessid jsessionid remember csrf xsrf',
}

const names = new Map(
  Object.entries(extra).map(([place, more]) => [
    place,
    new Set([...everywhere, more].join(' ').split(' ').filter(Boolean)),
  ]),
)

// `OPENAI_API_KEY`, `newPassword`, `stripeWebhookSecret`: secret whatever stands before.
const secretEnd =
  /(?:password|passphrase|secret|apikey|accesskey|privatekey|secretkey|(?:access|api|auth|id|refresh|security|session)token)$/

/** Whether what a name bears is a credential. */
export function isSecretName(place: SecretPlace, name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[-_.]/g, '')
  return names.get(place)!.has(plain) || secretEnd.test(plain)
}
