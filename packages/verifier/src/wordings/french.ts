import type { Wording } from '../wording.ts';

export const french: Wording = {
  language: 'fr',
  name: 'Français',
  direction: 'ltr',
  verdicts: {
    VALID: {
      name: 'Valable',
      means:
        'Tous les contrôles dont dépend le verdict ont été faits et sont concluants. Ce que cela établit figure ci-dessous.',
    },
    INVALID: {
      name: 'Non valable',
      means:
        'Au moins un contrôle a échoué. Ne vous fiez pas à ce qui a échoué ; la liste dit lequel, et pourquoi.',
    },
    INDETERMINATE: {
      name: 'Indéterminé',
      means:
        'Rien d’incorrect n’a été trouvé, mais il manque un élément sans lequel un contrôle ne peut pas être fait.',
    },
  },
  statuses: { done: 'concluant', failed: 'échoué', 'not-done': 'non fait' },
  recordSteps: {
    form: {
      name: 'Forme',
      asks: 'Est-ce un document bien formé, écrit de la seule manière que les règles admettent ?',
    },
    issuer: {
      name: 'Émetteur',
      asks: 'L’État qu’il désigne comme émetteur est-il de ceux auxquels vous faites confiance ?',
    },
    key: {
      name: 'Clé',
      asks: 'Cet État avait-il certifié la clé, pour des documents, à la date d’émission ?',
    },
    signature: { name: 'Signature', asks: 'Est-ce exactement ce texte qui a été signé avec cette clé ?' },
    authority: {
      name: 'Habilitation',
      asks: 'Cette clé peut-elle signer des documents de ce type et de ce niveau ?',
    },
    parts: {
      name: 'Parties',
      asks: 'Les parties montrées sont-elles celles qui ont été signées, sans changement ?',
    },
    inclusion: {
      name: 'Journal',
      asks: 'Le document figure-t-il dans le journal de tout ce que son émetteur a émis ?',
    },
    checkpoint: {
      name: 'État du journal',
      asks: 'L’émetteur a-t-il signé l’état du journal auquel mène la preuve ?',
    },
    cosignatures: {
      name: 'Témoins',
      asks: 'Un autre État auquel vous faites confiance a-t-il confirmé avoir vu cet état du journal ?',
    },
    quorum: {
      name: 'Quorum',
      asks: 'Assez des témoins que vous exigez ont-ils confirmé cet état du journal ?',
    },
    standing: {
      name: 'Situation de la clé',
      asks: 'L’émetteur répond-il encore de ce que cette clé avait signé à ce moment ?',
    },
    currency: {
      name: 'Âge de l’état des clés',
      asks: 'Ce que l’émetteur dit de ses clés est-il assez récent pour qu’on s’y fie ?',
    },
    delegation: {
      name: 'Délégation',
      asks: 'Si un service a certifié la clé pour son État : était-ce dans ce qui lui était délégué ?',
    },
  },
  notificationSteps: {
    entry: {
      name: 'Inscription',
      asks: 'Est-ce une inscription bien formée, qui dit ce qui a été communiqué à qui ?',
    },
    record: { name: 'Document', asks: 'Le document dont elle parle est-il dans ce fichier ?' },
    inclusion: {
      name: 'Registre',
      asks: 'L’inscription figure-t-elle dans le registre de l’expéditeur pour ce destinataire ?',
    },
    sender: { name: 'Expéditeur', asks: 'L’expéditeur est-il un État auquel vous faites confiance ?' },
    checkpoint: {
      name: 'État du registre',
      asks: 'L’expéditeur a-t-il signé l’état du registre auquel mène la preuve ?',
    },
    recipient: {
      name: 'Destinataire',
      asks: 'Le destinataire est-il un État auquel vous faites confiance ?',
    },
    receipt: {
      name: 'Accusé de réception',
      asks: 'Le destinataire a-t-il signé qu’il détient cet état du registre ?',
    },
    consent: {
      name: 'Consentement',
      asks: 'Si un État a transmis ce qu’un autre avait émis : celui-ci l’avait-il permis ?',
    },
  },
  codes: {
    'dossier.certificate-refused':
      'Un certificat de clé est illisible, ou ses signatures ne sont pas bonnes.',
    'dossier.charter-refused': 'Une charte ne résiste pas à la vérification.',
    'dossier.checkpoint-refused': 'Une signature du journal sous son état n’est pas bonne.',
    'dossier.consent-expired': 'La transmission a eu lieu après la fin du consentement de l’émetteur.',
    'dossier.consent-not-begun': 'La transmission a eu lieu avant le début du consentement de l’émetteur.',
    'dossier.consent-other-part':
      'Le consentement de l’émetteur porte sur d’autres parties que celles transmises.',
    'dossier.consent-revoked': 'La transmission a eu lieu après le retrait du consentement de l’émetteur.',
    'dossier.delegation-outlives': 'Un certificat dure plus longtemps que celui de son service.',
    'dossier.delegation-refused': 'Un certificat est pour un usage que son service ne peut certifier.',
    'dossier.delegation-scope': 'Le service derrière la clé n’avait pas reçu ce type ou ce niveau.',
    'dossier.delegation-too-deep': 'Un certificat est sous plus de services que permis.',
    'dossier.delegation-wider': 'Un certificat permet plus que ce que son service avait reçu.',
    'dossier.delegator-revoked':
      'Les témoins n’ont vu le document qu’après la révocation du service dont dépend sa clé : un autre a pu le signer.',
    'dossier.delegator-superseded':
      'Le document est daté d’un moment où un autre avait déjà remplacé le service dont dépend sa clé.',
    'dossier.documents-contradict': 'Chartes et certificats se contredisent : aucun ne compte.',
    'dossier.entry-malformed': 'L’inscription est mal formée, ou n’est pas une communication.',
    'dossier.forged':
      'La signature n’est pas celle de ce texte : elle est fausse, ou le texte a été modifié.',
    'dossier.key-revoked':
      'Les témoins n’ont vu le document qu’après la révocation de sa clé : un autre a pu le signer.',
    'dossier.key-state-refused': 'Un état des clés est illisible, ou ses signatures ne sont pas bonnes.',
    'dossier.key-superseded':
      'Le document est daté d’un moment où une autre clé avait déjà remplacé celle-ci.',
    'dossier.not-authorised':
      'Aucun certificat n’autorise cette clé à signer un document de ce type à ce niveau.',
    'dossier.not-in-ledger': 'La preuve ne mène pas de l’inscription au registre.',
    'dossier.not-in-log': 'La preuve ne mène pas du document au journal.',
    'dossier.parts-refused':
      'Des parties montrées ne sont pas celles qui ont été signées, ou la clé ne peut pas les signer.',
    'dossier.proof-malformed': 'La preuve est mal formée, ou est celle d’un autre journal.',
    'dossier.receipt-refused': 'L’accusé de réception n’est pas de ce destinataire, ou pas pour ce registre.',
    'dossier.record-malformed': 'Le document est mal formé.',
    'dossier.two-histories':
      'Le journal a été montré dans deux états qui s’excluent : on a raconté à quelqu’un une autre histoire.',
    'dossier.unsorted': 'Le fichier n’est pas dans le seul ordre que les règles admettent.',
    'dossier.unsupported-version':
      'Le fichier est d’une version ultérieure. Utilisez un vérificateur plus récent.',
    'dossier.wrong-federation': 'Le fichier est d’une autre fédération que celle que vous avez nommée.',
    'dossier.wrong-key': 'La clé est celle d’un autre État, ou sert à autre chose qu’à des documents.',
    'dossier.wrong-mode':
      'L’inscription a été communiquée d’une manière qui ne convient pas à l’émetteur du document.',
  },
  reasons: {
    'earlier-step': 'Un contrôle dont celui-ci dépend n’a pas été concluant.',
    'no-anchor': 'Vous n’avez pas dit que vous faites confiance à cet État.',
    'no-charter': 'Il n’y a pas de charte de cet État qui ait pu être vérifiée.',
    contradiction: 'Les pièces se contredisent.',
    'no-certificate': 'Il n’y a pas de certificat de cette clé qui compte.',
    'no-certificate-then': 'Les certificats de cette clé n’étaient pas valables à ce moment.',
    'no-delegation-then': 'Le service derrière la clé n’avait pas de certificat valable à ce moment.',
    'later-than-asked': 'La date est postérieure au moment que vous demandez.',
    'no-proof': 'Le fichier n’en contient pas la preuve.',
    'no-record': 'Le document n’est pas dans ce fichier.',
    'key-time': 'La clé du journal n’était pas valable au moment qui peut être établi.',
    'log-generation': 'Son État a clos ce journal avant cela, ou ne dit pas qu’il l’a ouvert.',
    'no-cosignature': 'Aucun État auquel vous faites confiance ne l’a confirmé.',
    'before-entry': 'L’accusé de réception est daté d’avant l’inscription.',
    'no-policy': 'Vous n’avez pas dit de qui vous exigez la confirmation : aucune date n’est donc sûre.',
    'no-quorum': 'Moins de témoins l’ont confirmé que vous n’en exigez.',
    'no-key-state': 'On ignore quelles clés son État a révoquées.',
    'not-listed': 'Son État ne compte pas cette clé parmi les siennes.',
    'revoked-time-unknown': 'La clé est révoquée, et rien ne montre qu’elle a signé ceci auparavant.',
    'stale-key-state':
      'Ce que son État dit de ses clés est périmé : une révocation ultérieure n’y figurerait pas.',
    'no-consent': 'Le fichier ne montre aucun consentement de l’émetteur pour ce destinataire et ce but.',
    'consent-time':
      'Le consentement a pris fin entre l’heure de l’expéditeur et celle du destinataire, et personne d’autre n’en donne.',
  },
  remarks: {
    delegated:
      'La clé a été certifiée non par l’État lui-même, mais par un service auquel il l’a délégué ; ce que ce service peut permettre a été vérifié.',
    'key-superseded': 'Une autre clé a remplacé celle-ci depuis : cela n’ôte rien au document.',
    'revoked-later': 'La clé a été révoquée plus tard ; les témoins avaient vu le document auparavant.',
    'stale-key-state':
      'Ce que l’émetteur dit de ses clés est périmé : une révocation ultérieure n’y figurerait pas.',
  },
  terms: {
    title: 'Vérificateur Comity',
    purpose:
      'Vérifier ce qu’un État a dit, et qu’il l’a dit ainsi : sans réseau, sans compte et sans l’aide de personne.',
    offline: 'Cette page n’envoie rien. Ce que vous ouvrez reste sur cet ordinateur.',
    language: 'Langue',
    dossier: 'Dossier',
    chooseDossier: 'Choisir un dossier…',
    dropDossier: 'ou déposez ici un fichier .comity',
    trust: 'États auxquels vous faites confiance',
    trustHelp:
      'Chartes, fiches ou identifiants reçus des États eux-mêmes, et dont vous avez comparé les empreintes. Ne les prenez jamais dans le fichier à vérifier.',
    chooseTrust: 'Choisir des chartes ou des fiches…',
    pasteTrust: 'Identifiant d’un État (64 chiffres)',
    addTrust: 'Ajouter',
    noTrust: 'Aucun pour l’instant : sans cela, rien ne peut être valable.',
    remove: 'Retirer {0}',
    time: 'À la date du (UTC)',
    timeHelp: 'Vide : maintenant. Une autre date montre ce que l’on pouvait savoir alors.',
    federation: 'Fédération',
    federationHelp: 'Son nom, si vous le connaissez : un fichier d’une autre est refusé.',
    verify: 'Vérifier',
    verifying: 'Vérification…',
    refused: 'Ce fichier a été refusé',
    notAFile: 'Choisissez d’abord un dossier.',
    notAnAnchor: '{0} n’est ni une charte, ni la fiche d’un État, ni un identifiant.',
    notATime: 'La date doit avoir la forme 2026-11-24T10:30:00Z.',
    result: 'Résultat',
    records: 'Documents',
    record: 'Document',
    notifications: 'Qui a été informé',
    documents: 'Chartes et certificats du fichier',
    charter: 'Charte',
    certificate: 'Certificat',
    'key-state': 'État des clés',
    keyState: 'État des clés de l’émetteur : version {0}, {1} jours',
    trustedTime: 'Existait, selon vos témoins, le',
    policy: 'Témoins exigés',
    policyHelp: 'Une règle de quorum, en texte. Sans elle, aucune date n’est sûre.',
    choosePolicy: 'Choisir une règle…',
    noPolicy: 'aucune',
    together: 'Ils vont ensemble',
    checks: 'Contrôles',
    failedCheck: 'Échec : {0}',
    issuer: 'Émetteur',
    issued: 'Émis, selon l’émetteur, le',
    expires: 'Vaut jusqu’au',
    subject: 'Objet',
    logged: 'Inscription {0} sur {1} du journal de l’émetteur',
    cosigned: 'Confirmé par',
    cosignedBy: '{0} le {1}',
    shown: 'Parties montrées',
    withheld: 'Non communiquées : jusqu’à {0}',
    withheldHelp:
      'Autant d’emplacements signés ne sont pas montrés ici. Certains peuvent être du remplissage, que personne ne peut distinguer.',
    withheldElements: '{0} éléments non communiqués ou de remplissage',
    retracted: 'Retiré par son émetteur avec le document {0}',
    superseded: 'Remplacé par son émetteur par le document {0}',
    exercise: 'EXERCICE EXERCICE EXERCICE',
    unverifiedLabel:
      'Une partie de ce fichier porte un marquage que rien ne vérifie. Traitez-le au niveau le plus élevé que vous connaissiez.',
    unverified: 'Ce qui suit est ce que quelqu’un a écrit ; rien ne le vérifie.',
    told: '{0} a informé {1} le {2}',
    receipt: 'L’accusé de réception de {0} est daté du {1}',
    limits: 'Ce que cela ne montre pas',
    limitsText:
      'Celui qui a fait le fichier a pu omettre des choses. Les dates sont la parole de l’État qui les donne. Une clé volée signe aussi bien qu’une autre. De ce que dit un document, c’est l’émetteur qui répond.',
    fileDigest: 'SHA-256 du fichier',
    askedAt: 'À la date du',
    trusted: 'Confiance à',
    anyFederation: 'selon le fichier',
    saveReport: 'Enregistrer le rapport (JSON)',
    copyReport: 'Copier le rapport',
    copied: 'Copié',
    print: 'Imprimer',
  },
};
