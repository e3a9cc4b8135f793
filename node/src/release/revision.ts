/** Setting that counts changes of policy, recognition and suspension: everything a decision depends on besides the record. */
export const REVISION_SETTING = 'revision';
