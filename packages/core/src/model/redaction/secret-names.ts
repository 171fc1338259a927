import { remembered } from '../remembered.ts'

/** Where a name stands; a few names are secret in one place only. */
export type SecretPlace = 'header' | 'query' | 'field' | 'cookie'

/** Names of a user: more than the built-in ones, or with `only` in their place. */
export type NameList = readonly string[] | { readonly only: readonly string[] }

/** Compared lower-cased and without `-`, `_`, `.`, as a whole: `nextToken` and `page_token` are none. */
const everywhere = [
  'accesskey accesskeyid accesstoken apikey apisecret apitoken auth authenticitytoken authkey',
  'authorization authtoken awsaccesskeyid awssecretaccesskey bearer bearertoken clientassertion',
  'clientsecret consumersecret credential credentials csrfmiddlewaretoken csrftoken idtoken jwt',
  'oauthtoken oauthtokensecret passphrase passwd password privatekey pwd refreshtoken',
  'requestverificationtoken secret secretaccesskey secretkey sessionid sessiontoken sharedsecret sig',
  'signature subscriptionkey token webhooksecret xamzcredential xamzsecuritytoken xamzsignature',
  'xapikey xgoogcredential xgoogsignature xsrftoken',
].join(' ')

/** The built-in names of each place. */
export const secretNames: Readonly<Record<SecretPlace, readonly string[]>> = {
  header: words(
    everywhere,
    'authenticationinfo ddapikey ddapplicationkey jobtoken ocpapimsubscriptionkey privatetoken ' +
      'proxyauthorization xaccesstoken xauthkey xauthtoken xcsrftoken xfigmatoken xgitlabtoken ' +
      'xgoogapikey xhoneycombteam xsessiontoken xshopifyaccesstoken xvaulttoken xxsrftoken',
  ),
  query: words(everywhere, 'key'),
  field: words(everywhere),
  cookie: words(everywhere, 'session sess sid connectsid phpsessid jsessionid remember csrf xsrf'),
}

/** `OPENAI_API_KEY`, `newPassword`, `stripeWebhookSecret`: secret whatever stands before. */
export const secretEnds: readonly string[] = words(
  'password passphrase secret apikey accesskey privatekey secretkey',
  'accesstoken apitoken authtoken idtoken refreshtoken securitytoken sessiontoken',
)
const secretEnd = new RegExp(`(?:${secretEnds.join('|')})$`)

/** Tells whether what a name bears is a credential. */
export type IsSecretName = (place: SecretPlace, name: string) => boolean

/**
 * The test for names in force.
 *
 * @param lists what a user says of a place; nothing for those that stay as they are
 */
export function secretNameTest(
  lists: Readonly<Partial<Record<SecretPlace, NameList | undefined>>> = {},
): IsSecretName {
  const header = nameTest('header', lists.header)
  const query = nameTest('query', lists.query)
  const field = nameTest('field', lists.field)
  const cookie = nameTest('cookie', lists.cookie)
  const tests = { header, query, field, cookie }
  return (place, name) => tests[place](name)
}

/** Whether what a name bears is a credential, by the built-in names. */
export const isSecretName: IsSecretName = secretNameTest()

function nameTest(place: SecretPlace, list: NameList = []): (name: string) => boolean {
  const isOnly = 'only' in list
  const own = (isOnly ? list.only : list).map(plain)
  const names = new Set(isOnly ? own : [...secretNames[place], ...own])
  return remembered((name) => {
    const asked = plain(name)
    return names.has(asked) || (!isOnly && secretEnd.test(asked))
  })
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '')
}

function words(...lists: readonly string[]): string[] {
  return lists.join(' ').split(' ')
}
