/** Why a backup is not made or not taken back, in one line for the person who asked. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}
