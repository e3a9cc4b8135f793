/** Languages in which the sheet is printed. */
export const SHEET_LANGUAGES = ['en', 'fr', 'es', 'ar', 'zh'] as const;
export type SheetLanguage = (typeof SHEET_LANGUAGES)[number];

/** Everything that is said on the sheet of a ceremony, in one language. `{0}` stands for the name of the state. */
export interface SheetWording {
  readonly direction: 'ltr' | 'rtl';
  readonly title: string;
  readonly purpose: string;
  /** Absent where the language has no list of words (recognition.md 2.3). */
  readonly words?: string;
  readonly digits: string;
  readonly code: string;
  readonly howTo: string;
  readonly steps: readonly string[];
  readonly about: string;
  readonly stateId: string;
  readonly charter: string;
  readonly keysUntil: string;
  readonly contacts: string;
  readonly made: string;
  readonly record: string;
  readonly comparedWith: string;
  readonly comparedBy: string;
  readonly channel: string;
  readonly date: string;
  readonly signature: string;
}

export const SHEET_WORDINGS: Readonly<Record<SheetLanguage, SheetWording>> = {
  en: {
    direction: 'ltr',
    title: 'Fingerprint of a state',
    purpose:
      'By this, an officer of another state finds out that a card is that of {0}. It is no secret; it must only not be exchanged for another.',
    words: 'Words',
    digits: 'Digits, the same in every language',
    code: 'For the node of the other officer',
    howTo: 'How to compare',
    steps: [
      'Speak with the other officer over a channel on which you know each other by something else than a card: by voice, or face to face.',
      'Read out all the words, or all the digits. The other officer types them into his node, which compares them with the card that it has.',
      'Then the other officer reads out those of his state, and you type them into yours.',
      'Where one word or digit differs, stop. Do not add the card, and tell your own security officer.',
    ],
    about: 'The state',
    stateId: 'State id',
    charter: 'Version of the charter',
    keysUntil: 'Keys valid until',
    contacts: 'Contacts',
    made: 'Sheet made',
    record: 'What was compared',
    comparedWith: 'With the state',
    comparedBy: 'Officers',
    channel: 'Channel',
    date: 'Date',
    signature: 'Signature',
  },
  fr: {
    direction: 'ltr',
    title: 'Empreinte d’un État',
    purpose:
      'Elle permet à un agent d’un autre État de vérifier qu’une carte est bien celle de {0}. Elle n’est pas secrète ; il faut seulement qu’elle ne soit pas remplacée par une autre.',
    words: 'Mots',
    digits: 'Chiffres, les mêmes dans toutes les langues',
    code: 'Pour le nœud de l’autre agent',
    howTo: 'Comment comparer',
    steps: [
      'Parlez à l’autre agent par une voie où vous vous reconnaissez autrement que par une carte : de vive voix ou en personne.',
      'Lisez tous les mots, ou tous les chiffres. L’autre agent les saisit dans son nœud, qui les compare à la carte qu’il a reçue.',
      'L’autre agent lit ensuite ceux de son État, et vous les saisissez dans le vôtre.',
      'Si un seul mot ou chiffre diffère, arrêtez. N’ajoutez pas la carte et prévenez votre responsable de la sécurité.',
    ],
    about: 'L’État',
    stateId: 'Identifiant de l’État',
    charter: 'Version de la charte',
    keysUntil: 'Clés valables jusqu’au',
    contacts: 'Contacts',
    made: 'Feuille établie le',
    record: 'Ce qui a été comparé',
    comparedWith: 'Avec l’État',
    comparedBy: 'Agents',
    channel: 'Voie',
    date: 'Date',
    signature: 'Signature',
  },
  es: {
    direction: 'ltr',
    title: 'Huella de un Estado',
    purpose:
      'Con ella, un funcionario de otro Estado comprueba que una tarjeta es la de {0}. No es secreta; solo importa que nadie la cambie por otra.',
    words: 'Palabras',
    digits: 'Cifras, las mismas en todos los idiomas',
    code: 'Para el nodo del otro funcionario',
    howTo: 'Cómo comparar',
    steps: [
      'Hable con el otro funcionario por un canal en el que se reconozcan por algo distinto de una tarjeta: de viva voz o en persona.',
      'Lea todas las palabras, o todas las cifras. El otro funcionario las escribe en su nodo, que las compara con la tarjeta que tiene.',
      'Después el otro funcionario lee las de su Estado, y usted las escribe en el suyo.',
      'Si una sola palabra o cifra no coincide, deténgase. No añada la tarjeta y avise a su responsable de seguridad.',
    ],
    about: 'El Estado',
    stateId: 'Identificador del Estado',
    charter: 'Versión de la carta',
    keysUntil: 'Claves válidas hasta',
    contacts: 'Contactos',
    made: 'Hoja elaborada',
    record: 'Lo que se comparó',
    comparedWith: 'Con el Estado',
    comparedBy: 'Funcionarios',
    channel: 'Canal',
    date: 'Fecha',
    signature: 'Firma',
  },
  ar: {
    direction: 'rtl',
    title: 'بصمة دولة',
    purpose: 'بها يتحقق موظف دولة أخرى من أن البطاقة هي بطاقة {0}. وهي ليست سرًّا، لكن يجب ألا تُستبدل بغيرها.',
    digits: 'الأرقام، وهي نفسها في كل اللغات',
    code: 'لعقدة الموظف الآخر',
    howTo: 'كيف تُجرى المقارنة',
    steps: [
      'تحدّث إلى الموظف الآخر عبر قناة يعرف فيها كل منكما الآخر بغير البطاقة: بالصوت أو وجهًا لوجه.',
      'اقرأ الأرقام كلها. يدوّنها الموظف الآخر في عقدته، فتقارنها بالبطاقة التي لديها.',
      'ثم يقرأ الموظف الآخر أرقام دولته، وتدوّنها أنت في عقدتك.',
      'إذا اختلف رقم واحد فتوقّف. لا تُضِف البطاقة، وأبلغ مسؤول الأمن لديك.',
    ],
    about: 'الدولة',
    stateId: 'معرّف الدولة',
    charter: 'إصدار الميثاق',
    keysUntil: 'المفاتيح صالحة حتى',
    contacts: 'جهات الاتصال',
    made: 'تاريخ إعداد الورقة',
    record: 'ما قورن',
    comparedWith: 'مع الدولة',
    comparedBy: 'الموظفان',
    channel: 'القناة',
    date: 'التاريخ',
    signature: 'التوقيع',
  },
  zh: {
    direction: 'ltr',
    title: '国家指纹',
    purpose: '他国官员据此确认一张名片确属{0}。它不是秘密，只是不得被换成别的。',
    words: '汉字（供目视核对；口头核对请读数字）',
    digits: '数字（各语言相同）',
    code: '供对方官员的节点使用',
    howTo: '如何核对',
    steps: [
      '通过双方不靠名片也能认出彼此的渠道与对方官员交谈：通话或当面。',
      '读出全部数字。对方官员将其输入自己的节点，节点会与所持名片比对。',
      '随后由对方官员读出其国家的数字，您将其输入自己的节点。',
      '只要有一个数字不同，就应停止。不要添加该名片，并报告本国安全负责人。',
    ],
    about: '国家',
    stateId: '国家标识',
    charter: '章程版本',
    keysUntil: '密钥有效期至',
    contacts: '联系方式',
    made: '本表制作时间',
    record: '核对记录',
    comparedWith: '对方国家',
    comparedBy: '双方官员',
    channel: '渠道',
    date: '日期',
    signature: '签名',
  },
};
