// Command bench runs the benchmarks one after the other and prints their
// figures beside the raw engine's in the same run, since a ratio holds on any
// machine and a figure does not; of several rounds it prints the median. With the
// argument "nodes" it does so for one and two servers over a node that takes the
// time EventStoreDB does. It speaks Chinese, or English with --lang en.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"aftersales-ledger/api/wording"
)

// A suite is benchmarks of a package that are run together, so many times.
type suite struct {
	pkg, pattern, time string
	rounds             int
}

// A measure is a line of the summary.
type measure struct {
	name            string // in both languages
	figure          reading
	baseline        reading // empty: the figure stands alone
	aim             string
	baselineMeaning string
}

// engines is what is run without an argument.
var engines = []suite{
	{"./eventstore/sqlite", "^Benchmark(Append|RawInsert|Scan)$", "3s", 1},
	{"./projections", "^Benchmark(Projector|RawInsert|Mapping|Queries)$", "2s", 1},
	{"./projections", "^BenchmarkFindings$", "10x", 1},
	{"./cmd/internal/app", "^BenchmarkCommand$", "60000x", 1},
	{"./cmd/internal/app", "^BenchmarkDoor$", "10000x", 3},
}

var engineMeasures = []measure{
	{"追加（1个写入者） append, 1 writer", reading{"sqlite", "Append/writers=1", "events/s"}, rawSQLite, "", "直接向SQLite成批写入 raw SQLite batch insert"},
	{"追加（16个写入者） append, 16 writers", reading{"sqlite", "Append/writers=16", "events/s"}, rawSQLite, "", "直接向SQLite成批写入 raw SQLite batch insert"},
	{"追加（64个写入者） append, 64 writers", reading{"sqlite", "Append/writers=64", "events/s"}, rawSQLite, "60 %", "直接向SQLite成批写入 raw SQLite batch insert"},
	{"通读日志 scan of the log", reading{"sqlite", "Scan/all", "events/s"}, reading{}, "", ""},
	{"投影 projector", reading{"projections", "Projector", "events/s"}, rawClickHouse, "50 %, 100,000/s", "以clickhouse-go直接写入相同的行 raw clickhouse-go insert of the same rows"},
	{"仅由事件生成行 events to rows alone", reading{"projections", "Mapping", "events/s"}, reading{}, "", ""},
	{"一个区域一个月的差异（毫秒） findings of a region for a month, ms", reading{"projections", "Findings/region-month", "ms"}, reading{"projections", "Findings/region-raw", "ms"}, "50", "读该区域的全部行 reading all rows of the region"},
	{"全公司的差异（毫秒） findings of the company, ms", reading{"projections", "Findings/company", "ms"}, reading{"projections", "Findings/company-raw", "ms"}, "1,000", "读全部行 reading all rows"},
	{"命令（200个账户） commands, 200 accounts", reading{"app", "Command/accounts=200", "commands/s"}, reading{}, "5,000/s", ""},
	{"　中位（毫秒）  p50, ms", reading{"app", "Command/accounts=200", "p50-ms"}, reading{}, "", ""},
	{"　第99百分位（毫秒）  p99, ms", reading{"app", "Command/accounts=200", "p99-ms"}, reading{}, "", ""},
	{"命令（同一账户） commands, one hot account", reading{"app", "Command/accounts=1", "commands/s"}, reading{}, "2,000/s", ""},
	{"　第99百分位（毫秒）  p99, ms", reading{"app", "Command/accounts=1", "p99-ms"}, reading{}, "", ""},
	{"命令（经门禁） commands of who is let in", reading{"app", "Door/shut", "commands/s"}, reading{"app", "Door/open", "commands/s"}, "90 %", "不设门禁 a door that asks nothing"},
	{"常驻内存（MB） resident memory, MB", reading{"app", "Command/accounts=1", "resident-MB"}, reading{}, "", ""},
}

// nodes is what is run with the argument "nodes": what is held against one
// another in the same minute, and that several times, for nobody has the machine
// to himself.
var nodes = []suite{
	{"./eventstore/esdb", "^BenchmarkNodes$/^(raw|command)$", "6000x", 3},
	{"./eventstore/esdb", "^BenchmarkNodes$/^book$", "300x", 1},
}

var nodeMeasures = []measure{
	{"命令（1个客户端） commands of one client", nodeRate("command/servers=1/clients=1"), nodeRate("raw/writers=1"), "54 %", "1个写入者直接追加 raw appends of one writer"},
	{"　每条命令的追加次数  appends for each", reading{"esdb", "Nodes/command/servers=1/clients=1", "appends/command"}, reading{}, "1", ""},
	{"　每条命令的读取次数  reads for each", reading{"esdb", "Nodes/command/servers=1/clients=1", "reads/command"}, reading{}, "0", ""},
	{"　先读后追加  read first, append", nodeRate("book/servers=1/clients=1"), nodeRate("raw/writers=1"), "", "1个写入者直接追加 raw appends of one writer"},
	{"命令（64个客户端写同一流，1台服务器） commands of 64 clients on one stream, one server", nodeRate("command/servers=1/clients=64"), nodeRate("raw/writers=1"), "", "1个写入者直接追加 raw appends of one writer"},
	{"命令（64个客户端写同一流，2台服务器） commands of 64 clients on one stream, two servers", nodeRate("command/servers=2/clients=64"), nodeRate("command/servers=1/clients=64"), "70 %", "1台服务器 one server"},
	{"　较慢的服务器占其半数之比  the slower server's share of its half", reading{"esdb", "Nodes/command/servers=2/clients=64", "share"}, reading{}, "0.67", ""},
	{"　被拒时重读整个流  the whole stream read when refused", nodeRate("book/servers=2/clients=64"), nodeRate("command/servers=1/clients=64"), "", "1台服务器 one server"},
	{"　较慢的服务器占其半数之比  the slower server's share of its half", reading{"esdb", "Nodes/book/servers=2/clients=64", "share"}, reading{}, "", ""},
}

func nodeRate(name string) reading { return reading{"esdb", "Nodes/" + name, "commands/s"} }

var (
	rawSQLite     = reading{"sqlite", "RawInsert", "events/s"}
	rawClickHouse = reading{"projections", "RawInsert", "events/s"}
)

// What the command says of itself, in both languages.
const (
	usage    = "用法： usage:"
	langHelp = "数字所用的语言：zh或en；未写时，LANG以en开头则为en language of the figures: zh or en; where none is said, en where LANG begins with en"
)

// reading names one metric of one benchmark of a package.
type reading struct{ pkg, benchmark, metric string }

func main() {
	say := wording.AtTerminal(os.Getenv("LEDGER_LANG"))
	lang := flag.String("lang", os.Getenv("LEDGER_LANG"), say.Label(langHelp))
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, say.Label(usage), "bench [--lang zh|en] [nodes]")
		flag.PrintDefaults()
	}
	flag.Parse()
	say = wording.AtTerminal(*lang)
	suites, measures := engines, engineMeasures
	switch what := flag.Args(); {
	case len(what) == 1 && what[0] == "nodes":
		suites, measures = nodes, nodeMeasures
	case len(what) > 0:
		fmt.Fprintf(os.Stderr, say.Label("bench：没有%q；不写，或写nodes bench: %q is not known; say nothing or \"nodes\"")+"\n", what)
		os.Exit(2)
	}
	readings := make(map[reading][]float64)
	before := load()
	for _, s := range suites {
		for round := range s.rounds {
			fmt.Fprintf(os.Stderr, "== %s, %d of %d\n", s.pkg, round+1, s.rounds)
			if err := run(s.pkg, s.pattern, s.time, readings); err != nil {
				fmt.Fprintf(os.Stderr, "bench: %s: %v\n", s.pkg, err)
				os.Exit(1)
			}
		}
	}
	summarise(say, measures, readings)
	fmt.Printf(say.Label("机器负荷（%d个处理器）：之前%s，之后%s load of the machine, %d processors: %s before, %s after")+"\n",
		runtime.NumCPU(), before, load())
}

// load is how many processes want a processor, over the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	minute, _, _ := strings.Cut(string(text), " ")
	return minute
}

// processors is the suffix of a benchmark's name.
var processors = regexp.MustCompile(`-\d+$`)

// run executes the benchmarks of a package and takes their metrics down.
func run(pkg, pattern, benchTime string, into map[reading][]float64) error {
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", pattern, "-benchtime", benchTime, "-timeout", "30m", pkg)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	fmt.Fprintln(os.Stderr, string(bytes.TrimSpace(out)))
	if err != nil {
		return err
	}
	short := pkg[strings.LastIndexByte(pkg, '/')+1:]
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return fmt.Errorf("%s: %w", fields[0], err)
			}
			at := reading{short, name, fields[i+1]}
			into[at] = append(into[at], value)
		}
	}
	return nil
}

func summarise(say wording.Language, measures []measure, readings map[reading][]float64) {
	t := table.NewWriter()
	t.SetOutputMirror(os.Stdout)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{
		say.Label("项目 measure"), say.Label("数值 figure"), say.Label("与基准之比 share of baseline"), say.Label("基准 baseline"),
		say.Label("目标 aim"),
	})
	for _, m := range measures {
		values := readings[m.figure]
		if len(values) == 0 {
			t.AppendRow(table.Row{say.Label(m.name), say.Label("未测 not measured"), "", "", m.aim})
			continue
		}
		value := median(values)
		row := table.Row{say.Label(m.name), fmt.Sprintf("%.0f", value), "", "", m.aim}
		if value < 100 {
			row[1] = fmt.Sprintf("%.1f", value)
		}
		if bases := readings[m.baseline]; len(bases) > 0 {
			row[2] = fmt.Sprintf("%.0f %%", 100*median(ratios(values, bases)))
			row[3] = fmt.Sprintf("%.0f, %s", median(bases), say.Label(m.baselineMeaning))
		}
		t.AppendRow(row)
	}
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight}, {Number: 3, Align: text.AlignRight}})
	t.Render()
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// ratios holds each reading against the one of the same round.
func ratios(values, bases []float64) []float64 {
	n := min(len(values), len(bases))
	out := make([]float64, n)
	for i := range n {
		out[i] = values[i] / bases[i]
	}
	return out
}
