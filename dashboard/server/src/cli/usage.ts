export const USAGE = `Usage: trame-dashboard <command> [options]

Commands
  run                      Start the server of a site.
  user add LOGIN --role R  Make an account: operator, supervisor, region, trainee or administrator.
  user list [--json]       List the accounts.
  user remove LOGIN        Take an account away; its sessions end.
  user password LOGIN      Give an account a new secret; its sessions end.
  line list [--json]       List the lines ever seen, with their sites.
  line forget LINE         Forget a line that was taken down or goes to another site (server stopped); what it sorted stays.
  line accept-epoch LINE EPOCH
                           Accept the refused ledger of a line that was restored or replaced; Santé names it.
  rebuild                  Make tonnage, weighings, states and losses again from the ledgers (server stopped).
  backup [--to DIR] [--keep N]
                           Make a checked copy of records and history in a folder of its own, beside a running server.
  restore DIR              Take a backup back (server stopped); what it replaces is kept aside.

Options
  --config FILE        Configuration (default: dashboard.yaml, when there is one).
  --data DIR           Data directory of the server (default: dashboard/ in TRAME_DATA_DIR or .trame).
  --secret-file FILE   Secret for add and password; without it a random one is made and shown once.
  --to DIR             Where backups lie (default: backups/ in the data directory).
  --keep N             How many backups of this server stay where they lie, the new one included (default: all).
  --json               Answer for programs.
  --help               This text.

Environment: TRAME_HTTP_PORT, TRAME_MQTT_PORT, TRAME_DATA_DIR, TRAME_LOG_LEVEL.
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.`;
