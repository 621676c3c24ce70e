// Package scenario plays pieces of business, written down in YAML, against a
// fresh ledger under a virtual clock, and compares what comes of them with what
// was expected. It is how the project's own cases are kept, in testdata, and how
// people try out a change of rules before they make it.
//
// # How a file is played
//
// Every file has a ledger of its own: an event log and a data folder in a
// temporary folder, and databases of its own on one embedded engine that all
// files share (see [Runner]). Requests go through the HTTP handlers in the
// process, with tokens minted under the virtual clock. A question waits for
// the highest log position that a command before it was answered with, so
// that nothing sleeps.
//
// All steps are played, also after one that failed, so that one run shows
// every figure a change of rules changes. A step fails if the answer is not as
// expected, or if it breaks a rule that holds for every step: questions
// and refusals record nothing unless `recorded` says so, and recorded time
// never runs backwards along the log. After the last step the books must tie
// out.
//
// # The format
//
// The format is documented in [Help], which `ledger scenario --help` prints, and by
// testdata/example.yaml, which explains itself. It is YAML without anchors,
// aliases, tags and merging. Unknown fields are mistakes; every mistake is
// reported with its line.
//
// A file has `name`, `description`, `clauses`, `include`, `actors` and `steps`. A
// step is one of
//
//   - a request: `POST` or `GET` with its path (or `method` and `path`), and with
//     `as`, `query`, `body` or `raw`, `contentType`, `padTo`, `key`, `token`, `wait`;
//   - the request of an earlier step once more: `again`;
//   - `restart: true`, `rebuild: true` or `notices: true`.
//
// Each may have `name` and `at`; requests also `expect` (`status`, `problem`, `body`,
// `recorded`), `capture` and `foreach`. `at` and `as` hold until a later step
// changes them; time goes backwards only with `backwards: true`. The
// idempotency key is made from the step's number, so that a step repeats
// another only if it says so, by `again` or by an equal `key`.
//
// # Values
//
// What is written in a file keeps its digits: 12000.00 is sent and compared as
// these characters say, never as a binary fraction, and dates stay text. A
// value without quotes is sent as the type that the ledger's OpenAPI document
// names for its place, hence an amount as text and a count as a number. A
// value in quotes is text.
//
// Expectations are compared as subsets: of a mapping the fields named, of a
// list every element in order, or some with `contains` and `length`. An expected
// number without quotes equals any writing of the same number, as text or as
// JSON number; null expects that nothing is there.
//
// Variables ${name} hold what `capture` kept and what `foreach` gives, and stand in
// paths, queries, keys, bodies and expectations. ${now} and ${today} are the step's own
// time. A variable that stands alone counts as written without quotes.
package scenario

import _ "embed"

// Help documents the format for people who write scenarios; HelpZH does in Chinese.
var (
	//go:embed help.txt
	Help string
	//go:embed helpzh.txt
	HelpZH string
)
