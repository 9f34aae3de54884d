/** What `--help` prints. */
const OVERVIEW = `trame-edge: reads the devices of one line and publishes them

  trame-edge run    [--config line.yaml] [--data DIR]          run the line
  trame-edge check  [--config line.yaml] [--data DIR] [--json] check a configuration
  trame-edge trust  list|add|remove [--data DIR] [--json]      OPC UA certificates
  trame-edge ledger verify|export|reopen [--data DIR]          what the line has recorded
  trame-edge model  train|evaluate DIR                         recognise fibres by their spectra

  -c, --config FILE  the line's configuration (default: DIR/line.yaml)
  -d, --data DIR     what the edge must remember (default: $TRAME_DATA_DIR/edge, ./.trame/edge)
      --json         answer in JSON
  -h, --help         this help; with a command, more about it
      --version

Exit code: 0 ok, 1 failed, 2 wrong usage or configuration.
`;

const COMMANDS: Readonly<Record<string, string>> = {
  run: `trame-edge run [--config line.yaml] [--data DIR] [--json]

Connects to every device of the line and publishes to the broker until it is asked to end (SIGTERM, Ctrl-C).
A device or a broker that is away is tried again for ever. The log goes to the standard output, one JSON
object a line. --json: what is wrong with the configuration is told in JSON too.

  TRAME_DATA_DIR        directory that holds edge/ (default ./.trame)
  TRAME_EDGE_HTTP_PORT  port of /healthz and /metrics on this machine (default 8091; 0: any free one)
  TRAME_LOG_LEVEL       debug, info, warn, error or silent (default info)
`,
  check: `trame-edge check [--config line.yaml] [--data DIR] [--json]

Reads a configuration as «run» would, and says everything that is wrong with it, with file, line and column;
of a right one, what of the line can be written and called.
Connects to nothing and writes nothing.
`,
  trust: `trame-edge trust list                    certificates: own, trusted, rejected
trame-edge trust add FILE|THUMBPRINT     trust a server: a PEM or DER file, or one that was rejected
trame-edge trust remove THUMBPRINT       trust it no longer

A running edge sees the change at its next attempt to connect. --data DIR and --json as everywhere.
`,
  ledger: `trame-edge ledger verify [--data DIR] [--json]
  Walks every event of every epoch and recomputes the chain, while the line runs, too. Ends with 1 when
  something does not hold, and names the first event that does not. --json: {events, lines, firstBroken};
  firstBroken is null, or {line, epoch, seq, reason}; seq is null when it is not an event but the file.
  It proves that every event follows from the one before, and that the last event that each consumer
  acknowledged is still the one that it acknowledged. It cannot prove that nobody with access to this file
  rewrote, with all hashes, what no consumer has acknowledged yet, or the kept acknowledgements as well:
  the consumers' copies tell that (the server compares the hashes of all it is sent: fork).

trame-edge ledger export [--from SEQ] [--epoch E] [--out FILE] [--data DIR]
  Events as JSON Lines, as consumers get them: all epochs; with --epoch, that one; with --from, from that
  number on, of the present epoch unless --epoch says another. --out: FILE is written whole or not at all.
  Ends with 1 at an event that is broken.

trame-edge ledger reopen [--reason restored|replaced] [--yes] [--config line.yaml] [--data DIR] [--json]
  For a ledger that was restored from a backup, or whose data went to another machine, and that the server
  refuses (cursor ahead, fork). The edge must be stopped. Begins a new epoch in the ledger, and records in it
  again, under the same ids, what the consumers of the configuration had not stored for certain. The epochs
  before stay. Without --yes it only says what it would do. Afterwards a person accepts the new epoch in the
  server (page Santé, or «trame-dashboard line accept-epoch»).
`,
  model: `trame-edge model evaluate DIR [--json] [--report FILE.md|FILE.html] [--splits N] [--seed N] [--model FILE]
  Judges every .csv of DIR, and says how many are right, refused, or called pure though they are blends. Each row
  is judged by the model that names its data set, any other by the default one. --model, as often as needed:
  these instead of those that are shipped; the first is the default. --json:
  {known: {n, refused, right}, unknown: {n, refused}, blends: {n, calledPure, rmsePoints}}: known is cotton,
  polyester or nylon alone, blends have two fibres of 5 % or more, unknown is all else.
  --report: confusion matrix, refusals, composition, probabilities, provenance. With --splits, what models of the
  same recipe say of swatches that were left out, one by one and in N random splits.

trame-edge model train DIR --out FILE --id ID [--kind unmixing|ratio] [--dataset D] [--exclude SAMPLE=REASON]
                 [--instrument TYPE] [--maker NAME] [--serial NUMBER] [--seed N] [--json]
  Fits a model to the swatches of DIR and says what its limits cost, each swatch judged without it. unmixing (the
  default) names fibres by swatches of one fibre each; at least two of a fibre, or it is known and never named.
  ratio reads the share of cotton in cotton and polyester. --exclude, as often as needed: judged, and not learnt
  from; the reason stays in the file. Spectra are not in it.

trame-edge model train DIR --transfer MODEL --dataset D --out FILE --id ID [--by pds|offset-slope] [--verify SAMPLE]
  Brings MODEL to another instrument: DIR holds swatches measured on both, under the same sample; those of D are
  of the new one. One swatch is left out of the fit, and nothing is written unless it is recognised.

  --quantity absorbance (the default), reflectance or percent-reflectance: what the columns of wavelengths hold
  Columns: dataset,sample,class,cotton,polyester,nylon,wool,acetate,acrylic,file, then wavelengths in nm. sample is
  the physical swatch. flax, viscose, polypropylene and elastane may be columns as well. A row without fibres whose
  class contains «background» is what lies behind the cloth.
`,
};

export function helpFor(command: string | undefined): string {
  return COMMANDS[command ?? ''] ?? OVERVIEW;
}
