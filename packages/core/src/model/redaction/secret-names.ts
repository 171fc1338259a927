import { remembered } from '../remembered.ts'

/** Where a name stands; a few names are secret in one place only. */
export type SecretPlace = 'header' | 'query' | 'field' | 'cookie'

/** Names of a user: more than the built-in ones, with `only` in their place, or with `except` fewer. */
export type NameList =
  | readonly string[]
  | { readonly only: readonly string[] }
  | { readonly except: readonly string[] }

/** Compared lower-cased and without `-`, `_`, `.`, as a whole. */
const everywhere = [
  'accesskey accesskeyid accesstoken accountkey apikey apisecret apisig apitoken assertion auth',
  'authenticitytoken authkey authorization authtoken awsaccesskeyid awssecretaccesskey bearer',
  'bearertoken clientassertion clientsecret codeverifier consumersecret credential credentials',
  'cookie csrfmiddlewaretoken csrftoken devicecode hashedpassword idtoken jwt oauthsignature oauthtoken',
  'oauthtokensecret oauthverifier otp passcode passphrase passwd password password1 password2',
  'passwordconfirm passwordconfirmation passwordhash presharedkey privatekey pwd',
  'recoverycodes refreshtoken requestverificationtoken samlresponse secret secretaccesskey secretbinary secretkey secretstring',
  'sessionid sessionkey sessiontoken setcookie sharedsecret sig signature subscriptionkey token webhooksecret',
  'xamzcredential xamzsecuritytoken xamzsignature xapikey xgoogcredential xgoogsignature xsrftoken',
].join(' ')

/** The built-in names of each place. */
export const secretNames: Readonly<Record<SecretPlace, readonly string[]>> = {
  header: words(
    everywhere,
    'apisign authenticationinfo cbaccesssign ddapikey ddapplicationkey kcapisign okaccesssign ' +
      'phpauthpw session xapisportskey xappwritekey xappwritesession xbapisign xclickhousekey ' +
      'xhoneycombteam xhubsignature256 xjfrogartapi xkey xmetabasesession ' +
      'xmsauthorizationauxiliary xsession xshopifyhmacsha256 xsignatureed25519',
  ),
  query: words(
    everywhere,
    'appkey csrf hmac jsessionid key licensekey pass phpsessid pw session sid xsrf',
  ),
  field: words(everywhere),
  cookie: words(everywhere, 'session sess sid connectsid phpsessid jsessionid remember csrf xsrf'),
}

/** `OPENAI_API_KEY`, `newPassword`, `userToken`: secret whatever stands before. */
export const secretEnds: readonly string[] = words(
  'password passwords passphrase secret secrets apikey apikeys accesskey privatekey secretkey',
  'encryptionkey masterkey signingkey token accesstokens',
)
/** Of headers alone. */
export const secretHeaderEnds: readonly string[] = words(
  'ablykey accountkey appkey auth authentication authkey authorization customerkey functionskey ' +
    'insertkey jwt jwtassertion licensekey oidcdata querykey registryconfig servicekey sessionid ' +
    'signature subscriptionkey',
)
/** `nextPageToken`, `eos_token`: places in a list, and words of language models. */
export const harmlessTokens: readonly string[] = words(
  'next previous prev start starting page paging pagination continuation continue cursor sync delta',
  'skip resume marker bos eos eot pad unk sep cls mask stop special',
)
const secretEnd = new RegExp(`(?:${secretEnds.join('|')})$`)
const secretHeaderEnd = new RegExp(`(?:${[...secretEnds, ...secretHeaderEnds].join('|')})$`)
const harmless = new RegExp(`(?:${harmlessTokens.join('|')})token$`)

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
  if (Object.values(lists).every((list) => list === undefined)) return isSecretName
  return nameTests(lists)
}

/** Whether what a name bears is a credential, by the built-in names. */
export const isSecretName: IsSecretName = nameTests({})

function nameTests(
  lists: Readonly<Partial<Record<SecretPlace, NameList | undefined>>>,
): IsSecretName {
  const header = nameTest('header', lists.header)
  const query = nameTest('query', lists.query)
  const field = nameTest('field', lists.field)
  const cookie = nameTest('cookie', lists.cookie)
  const tests = { header, query, field, cookie }
  return (place, name) => tests[place](name)
}

function nameTest(place: SecretPlace, list: NameList = []): (name: string) => boolean {
  const isOnly = 'only' in list
  const more = isOnly ? list.only : 'except' in list ? [] : list
  const names = new Set([...(isOnly ? [] : secretNames[place]), ...more.map(plain)])
  const except = new Set('except' in list ? list.except.map(plain) : [])
  const ends = place === 'header' ? secretHeaderEnd : secretEnd
  return remembered((name) => {
    const asked = plain(name)
    if (except.has(asked)) return false
    return names.has(asked) || (!isOnly && ends.test(asked) && !harmless.test(asked))
  })
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '')
}

function words(...lists: readonly string[]): string[] {
  return lists.join(' ').split(' ')
}
