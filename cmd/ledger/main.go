// Command ledger runs an event-sourced ledger for after-sales service: it
// serves the HTTP API, and holds the tools around it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/settings"
	"aftersales-ledger/domain"
)

// cli is the command line. Every flag can be set by the environment variable
// that its help names, and in a file of settings.
type cli struct {
	Config      string        `help:"File of settings (YAML), see 'ledger config --help'. Default: DATA/ledger.yaml where there is one." env:"LEDGER_CONFIG" placeholder:"FILE" type:"path"`
	Data        string        `help:"Folder of everything the ledger keeps on this machine: log, read models, what the door remembers." default:"data" env:"LEDGER_DATA" type:"path"`
	Log         string        `help:"Event log: path of a SQLite file (default: DATA/log.sqlite) or esdb://… for EventStoreDB." env:"LEDGER_LOG" placeholder:"PATH|URL"`
	ReadModels  string        `help:"ClickHouse: embedded:DIR (default: embedded:DATA/clickhouse), clickhouse://… or http(s)://…." env:"LEDGER_READ_MODELS" placeholder:"DSN"`
	Attachments string        `help:"Contents of attachments: a folder (default: DATA/attachments) or s3://BUCKET?endpoint=URL&region=R." env:"LEDGER_ATTACHMENTS" placeholder:"DIR|URL"`
	Letterhead  string        `help:"Who the department is on papers and in mails (YAML): name, address, contact, the account to pay to, and names of people. Default: DATA/letterhead.yaml where there is one; what is missing is said on the paper." env:"LEDGER_LETTERHEAD" placeholder:"FILE" type:"path"`
	LogWait     time.Duration `help:"How long to wait for an EventStoreDB that is away or electing a leader; 'serve' waits until it comes." default:"30s" env:"LEDGER_LOG_WAIT"`
	LogLevel    slog.Level    `help:"Least level of log lines: debug, info, warn or error." default:"info" env:"LEDGER_LOG_LEVEL"`

	Lang string `help:"Language in which results and refusals are said: zh or en. Default: en where LANG begins with en, else zh." enum:"zh,en," default:"" env:"LEDGER_LANG" placeholder:"zh|en"`

	settings *settings.File    // nil: there is none
	people   map[string]string // what those are called who were named in answers, by login

	Serve      serveCmd      `cmd:"" help:"Serve the HTTP API and keep the read models up to date."`
	Token      tokenCmd      `cmd:"" help:"API tokens of users: make, list, revoke."`
	User       userCmd       `cmd:"" help:"用户: who is let in, and what is granted to them."`
	Roles      rolesCmd      `cmd:"" help:"角色权限: who may do what, and how far."`
	Webhook    webhookCmd    `cmd:"" set:"role=administrator" help:"推送: programs that are told what happens, by signed posts."`
	Query      queryCmd      `cmd:"" help:"Ask a view and print it as a table."`
	Policy     policyCmd     `cmd:"" help:"服务标准: the service table in force (5.4); write one to edit, or check one."`
	Do         doCmd         `cmd:"" set:"role=" help:"办理: carry out any command of the trade by its name, with field=value; alone it lists them all."`
	Import     importCmd     `cmd:"" help:"Import a charge list (F3), a fault record (F1), a catalogue, a count sheet or a bank statement from CSV or XLSX."`
	Sample     sampleCmd     `cmd:"" help:"Fill an empty ledger with a realistic year, the same every time."`
	Scenario   scenarioCmd   `cmd:"" help:"Play scenario files against a fresh ledger under a virtual clock."`
	Form       formCmd       `cmd:"" help:"表单: write any paper of the trade (F0 to F4, slips, requests) as a worksheet, a PDF or a page to print."`
	Statement  statementCmd  `cmd:"" help:"对账单: write a center's statement of a quarter as a worksheet, a PDF or a page to print."`
	Link       linkCmd       `cmd:"" set:"role=regional-admin" help:"对账单链接: the links to a statement that mails carried to the head of its center: list, revoke."`
	PaperReply paperReplyCmd `cmd:"" set:"role=regional-admin" help:"盖章回函: enter a center's answer from its stamped paper, with the scan."`
	MonthPack  monthPackCmd  `cmd:"" help:"配件月度核对包: write a region's month for the tech group lead as a worksheet, a PDF or a page to print."`
	Verify     verifyCmd     `cmd:"" help:"核查: read the whole log anew and hold every figure, statement and event against it."`
	Rebuild    rebuildCmd    `cmd:"" help:"Fill the read models anew from the log; the ledger must not be serving."`
	EventLog   eventLogCmd   `cmd:"" name:"log" help:"The event log: protect it on an EventStoreDB."`
	Engine     engineCmd     `cmd:"" help:"The embedded ClickHouse engine."`
	Settings   configCmd     `cmd:"" name:"config" help:"配置: print what a server would run with, and from where each value comes."`
	Doctor     doctorCmd     `cmd:"" help:"体检: look at everything a ledger needs to run, and say what to do about what is wrong."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

func (c *cli) config() app.Config {
	return app.Config{
		Data: c.Data, Log: c.Log, ReadModels: c.ReadModels, Attachments: c.Attachments, Letterhead: c.Letterhead,
		Version: version(),
		LogWait: c.LogWait,
		Logger:  slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.LogLevel})),
	}
}

// language is what the person at the command line reads.
func (c *cli) language() wording.Language { return wording.AtTerminal(c.Lang) }

// explain says an error to the person at the command line.
func (c *cli) explain(err error) string {
	return c.language().Error(err)
}

// errorf is an error said in the reader's language; both is as label takes it.
func (c *cli) errorf(both string, args ...any) error { return fmt.Errorf(c.label(both), args...) }

// failed is an error about a file.
func (c *cli) failed(file string, err error) error {
	return fmt.Errorf(c.label("导入%s：%w import %s: %w"), file, err)
}

// described is what the tool says of itself.
var described = []kong.Option{
	kong.Name("ledger"),
	kong.Description("An event-sourced ledger for after-sales service: tickets, parts, charges and payments as immutable events; receivables, quarterly reconciliation and parts audit as of any date, as known at any moment."),
	kong.Vars{"role": string(domain.Finance)}, // in which a tool acts unless its command sets another
}

func main() {
	var c cli
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l := languageOf(os.Args[1:])
	parser := kong.Must(&c, append(helpIn(l), kong.BindTo(ctx, (*context.Context)(nil)))...)
	k, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", misused(l, err))
		stop()
		os.Exit(wrongArguments)
	}
	if err := k.Run(&c); err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "ledger:", c.explain(err))
		}
		stop()
		os.Exit(1)
	}
}

// wrongArguments is the exit status of arguments that are not understood.
const wrongArguments = 80

// errReported ends the process with a failure that was printed already.
var errReported = errors.New("reported")

type versionCmd struct{}

func (versionCmd) Run() error {
	_, err := fmt.Println(version())
	return err
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}

// toolTokenLife is the life of a token that a tool mints for itself.
const toolTokenLife = time.Hour
