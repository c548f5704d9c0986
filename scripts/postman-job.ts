import { type Event, type Item, type OperationOf, requestOf, scriptsAfter, testOf } from './postman-request.ts'

const before = (exec: string[]): Event => ({ listen: 'prerequest', script: { type: 'text/javascript', exec } })

/** Mails of the development mailbox are not in the API document: only servers on loopback without a relay have it. */
const mailbox = (name: string, path: string[], exec: string[]): Item => ({
  name,
  event: testOf(exec),
  request: {
    method: 'GET',
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{mailbox_secret}}', type: 'string' }] },
    header: [],
    url: {
      raw: `{{base_url}}/${['api', 'v1', 'development', ...path].join('/')}`,
      host: ['{{base_url}}'],
      path: ['api', 'v1', 'development', ...path],
    },
  },
})

const FIND = 'Find the verification mail'
/** Looks, half a second apart; mails leave the server a moment after its answer. */
const LOOKS = 40

/** Sign-up → verify → sign-in → upload → list → link → download, after the set-up that the first of them needs. */
export const steps = (find: (id: string) => OperationOf): Item[] => {
  const step = (id: string, name: string, { first, exec = [] }: { first?: string[]; exec?: string[] } = {}): Item => {
    const one = find(id)
    return {
      name,
      event: [...(first ? [before(first)] : []), ...testOf([...scriptsAfter(one), ...exec])],
      request: requestOf(one),
    }
  }
  const setUp = find('setUp')

  return [
    {
      name: 'Set up the first administrator',
      event: testOf([
        "pm.test('setUp answers 201, or 404 once there is an administrator', () => {",
        '  pm.expect(pm.response.code).to.be.oneOf([201, 404]);',
        '});',
      ]),
      request: requestOf(setUp),
    },
    step('opsSignIn', 'Ops: sign in'),
    step('signUp', 'Client: sign up', {
      first: [
        "if (!pm.collectionVariables.get('client_email')) {",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of the script that runs in Postman
        "  pm.collectionVariables.set('client_email', `clara-${Date.now()}@customer.example`);",
        '}',
        "pm.collectionVariables.set('looks', 0);",
      ],
    }),
    mailbox(
      FIND,
      ['mails'],
      [
        "const to = pm.collectionVariables.get('client_email');",
        'const mail = pm.response.code === 200 && pm.response.json().items.find(one => one.to.includes(to));',
        "const looks = Number(pm.collectionVariables.get('looks')) + 1;",
        "pm.collectionVariables.set('looks', looks);",
        'if (mail) {',
        "  pm.collectionVariables.set('mail_name', mail.name);",
        `} else if (pm.response.code === 200 && looks < ${LOOKS}) {`,
        `  pm.execution.setNextRequest('${FIND}');`,
        '  setTimeout(() => {}, 500);',
        '} else {',
        "  pm.test('the verification mail is in the mailbox', () => pm.expect.fail('answer ' + pm.response.code));",
        '}',
      ],
    ),
    mailbox(
      'Read it',
      ['mails', '{{mail_name}}'],
      [
        "pm.test('the mail has a link with a token', () => {",
        '  const [, token] = /\\/verify#([A-Za-z0-9_-]{43})/.exec(pm.response.json().text);',
        "  pm.collectionVariables.set('mail_token', token);",
        '});',
      ],
    ),
    step('verify', 'Client: verify the address', {
      exec: ["pm.test('it is verified', () => pm.expect(pm.response.json().status).to.equal('verified'));"],
    }),
    step('clientSignIn', 'Client: sign in'),
    step('uploadFile', 'Ops: upload a document for this client', {
      exec: ["pm.test('it is there', () => pm.expect(file.status).to.equal('available'));"],
    }),
    step('listSharedFiles', 'Client: list my files', {
      exec: [
        "pm.test('the document is in the list', () => {",
        "  pm.expect(pm.response.json().items.map(one => one.id)).to.include(pm.collectionVariables.get('file_id'));",
        '});',
      ],
    }),
    step('issueLink', 'Client: get a link', {
      exec: ["pm.test('it is a success', () => pm.expect(link.message).to.equal('success'));"],
    }),
    step('download', 'Client: download', {
      exec: [
        "pm.test('the bytes are those of the document', () => {",
        '  const bytes = CryptoJS.lib.WordArray.create(new Uint8Array(pm.response.stream));',
        "  pm.expect(CryptoJS.SHA256(bytes).toString()).to.equal(pm.collectionVariables.get('file_sha256'));",
        '});',
      ],
    }),
  ]
}
