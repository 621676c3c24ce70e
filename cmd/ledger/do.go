package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/prometheus/client_golang/prometheus"

	"aftersales-ledger/api"
	"aftersales-ledger/api/door"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/operations"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/names"
)

type doCmd struct {
	connection
	Operation string   `arg:"" optional:"" help:"Which command, such as issue-part. Without it all are listed."`
	Fields    []string `arg:"" optional:"" help:"What it is told, each as FIELD=VALUE: quantity=2, lines[0].part=DS-700, or a list or an object in JSON." placeholder:"FIELD=VALUE"`
	File      string   `help:"File with the body in JSON (- is standard input), over which the fields are put; or, of an import or an attachment, the file itself." placeholder:"FILE"`
	Key       string   `help:"Idempotency-Key, so that a repeat changes nothing. Default: a new one."`
	JSON      bool     `help:"Print the API's answer as it is."`
}

func (doCmd) Help() string {
	return `Every command of the trade, as the server's OpenAPI document describes it:

  ledger do                                     all of them, by area
  ledger do reject-transfer --help              the fields of one
  ledger do scrap-part project=P001 part=DS-700 quantity=1 … --role materials-planner
  ledger do request-material project=P001 lines[0].part=DS-700 lines[0].quantity=2
  ledger do publish-price-list effectiveFrom=2026-01-01 --file list.json
  ledger do store-attachment name=letter.pdf --file letter.pdf --as zhao.lei --role regional-admin

Fields stand together, flags before or after them. Without --role a command that is one
role's is given in that role. A field that there is not is refused with the nearest
there are, before anything is sent.`
}

func (d doCmd) Run(ctx context.Context, c *cli) error {
	list, err := d.known(ctx)
	if err != nil {
		return err
	}
	if d.Operation == "" {
		_, err := fmt.Print(c.listed(list))
		return err
	}
	o, err := operations.Named(list, d.Operation)
	if err != nil {
		return err
	}
	body, err := d.body()
	if err != nil {
		return c.failed(d.File, err)
	}
	filled, err := o.Fill(body, d.Fields)
	if err != nil {
		return err
	}
	if d.Token == "" && d.Role == "" {
		if d.Role, err = onlyRole(o); err != nil {
			return err
		}
	}
	r := client.Request{Method: o.Method, Path: filled.Target, Key: cmp.Or(d.Key, rand.Text()), Body: filled.Body}
	if o.TakesFile() {
		r.ContentType = o.MediaOf(d.File)
	}
	cl, release, err := d.connect(ctx, c)
	if err != nil {
		return err
	}
	answer, err := cl.Download(ctx, r)
	if err != nil {
		var p *kit.Problem
		if !errors.As(err, &p) { // nobody knows what became of it
			err = domain.Failed(err, "nobody answered; to ask again, and change nothing twice, repeat it with --key %s", r.Key)
		}
		return errors.Join(err, release())
	}
	return errors.Join(d.show(ctx, c, cl, answer), release())
}

// known are the commands of the document that the server publishes; where none
// answers, of the one that this program would publish.
func (d doCmd) known(ctx context.Context) ([]operations.Operation, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	remote := &client.Client{Base: d.Server, HTTP: http.DefaultClient}
	r := client.Request{Method: http.MethodGet, Path: "/openapi.json"}
	document, err := remote.Download(ctx, r)
	if err != nil {
		own := api.New(kit.Deps{Metrics: prometheus.NewRegistry(), Door: new(door.Door)})
		if document, err = client.InProcess(own, "").Download(ctx, r); err != nil {
			return nil, err
		}
	}
	return operations.Read(document)
}

func (d doCmd) body() ([]byte, error) {
	switch d.File {
	case "":
		return nil, nil
	case "-":
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(d.File)
}

// rolesOf are the roles that may give a command.
func rolesOf(o operations.Operation) []domain.Role {
	for _, a := range kit.Actions() {
		if a.Name == o.Action {
			return a.Roles
		}
	}
	return nil
}

// onlyRole is the role that a command alone is for.
func onlyRole(o operations.Operation) (string, error) {
	roles := rolesOf(o)
	if len(roles) == 1 {
		return string(roles[0]), nil
	}
	return "", domain.Invalid("role", "", "role-needed", "must be given: several roles may %s: %v", "", o.Name, roles)
}

// show says what came of a command: of a receipt what was recorded, else the answer.
func (d doCmd) show(ctx context.Context, c *cli, cl *client.Client, answer []byte) error {
	var r kit.Receipt
	if d.JSON {
		_, err := fmt.Println(string(bytes.TrimSpace(answer)))
		return err
	}
	if json.Unmarshal(answer, &r) != nil || r.Position == 0 || r.ID == "" {
		var b bytes.Buffer
		if err := json.Indent(&b, answer, "", "  "); err != nil {
			b.Write(answer) // not every answer is JSON
		}
		_, err := fmt.Println(strings.TrimSpace(b.String()))
		return err
	}
	recorded := make([]string, len(r.Recorded))
	for i, event := range r.Recorded {
		if recorded[i] = event; c.language() == wording.Chinese {
			recorded[i] = names.Of(names.Event(event)) + "（" + event + "）"
		}
	}
	said := c.label("已入账 recorded")
	switch {
	case r.Repeated:
		said = c.label("此前已办理，未再入账 had been carried out before, nothing was recorded again")
	case len(recorded) == 0:
		said = c.label("无可更改，未入账 nothing to change, nothing was recorded")
	}
	awaitFigures(ctx, cl, r.Position)
	_, err := fmt.Printf(c.said("%s：%s；日志位置 %d", "%s: %s; log position %d")+"\n", said,
		strings.Join(append([]string{r.ID}, recorded...), c.said("，", ", ")), r.Position)
	return err
}

// listed is every command by its area, with what it does in a line.
func (c *cli) listed(list []operations.Operation) string {
	var b strings.Builder
	area := ""
	for _, o := range list {
		if o.Area != area {
			area = o.Area
			fmt.Fprintf(&b, "%s\n", c.language().Area(area))
		}
		fmt.Fprintf(&b, "  %-28s %s\n", o.Name, c.language().Operation(o.Name, o.Summary))
	}
	b.WriteString(c.said("\n一项操作有哪些栏：ledger do 操作 --help\n", "\nThe fields of one: ledger do OPERATION --help\n"))
	return b.String()
}

// kinds is how the kinds of values are called, in both languages.
var kinds = map[operations.Kind]string{
	operations.Text: "文本 text", operations.Whole: "整数 whole number", operations.Switch: "true/false",
	operations.List: "列表 list", operations.Group: "一组栏 fields", operations.Table: "名称与值 names and values",
}

// explained is the help of one command: its fields as its document has them.
func (c *cli) explained(o operations.Operation) string {
	var b strings.Builder
	l := c.language()
	fmt.Fprintf(&b, c.said("用法：ledger do %s 栏=值 …", "Usage: ledger do %s FIELD=VALUE …")+"\n\n%s\n%s %s\n", o.Name,
		l.Operation(o.Name, o.Summary), o.Method, o.Path)
	if before, _, _ := strings.Cut(o.Says, "Roles: "); l == wording.English && before != "" {
		b.WriteString(strings.TrimSpace(before) + "\n")
	}
	if roles := rolesOf(o); len(roles) > 0 {
		fmt.Fprintf(&b, c.said("角色：%s", "Roles: %s")+"\n", c.roles(roles))
	}
	if o.TakesFile() {
		fmt.Fprintf(&b, c.said("文件（--file）：%s", "File (--file): %s")+"\n", strings.Join(o.Media, c.said("、", ", ")))
	}
	t := table.NewWriter()
	t.AppendHeader(table.Row{c.label("栏 field"), c.label("须填 required"), c.label("类型 kind"), c.said("说明", "what it is")})
	for _, f := range o.Fields {
		required := ""
		if f.Required {
			required = c.label("须填 required")
		}
		t.AppendRow(table.Row{f.Path, required, c.label(kinds[f.Kind]), c.means(o, f)})
	}
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 4, WidthMax: 70, WidthMaxEnforcer: text.WrapSoft}})
	if len(o.Fields) > 0 {
		b.WriteString("\n" + t.Render() + "\n")
	}
	b.WriteString(c.said("\n各选项和栏的写法：ledger do --help\n", "\nFlags, and how values are written: ledger do --help\n"))
	return b.String()
}

// roles lists roles, each with the code that --role takes.
func (c *cli) roles(list []domain.Role) string {
	said := make([]string, len(list))
	for i, role := range list {
		said[i] = c.said(names.Of(role)+"（"+string(role)+"）", string(role))
	}
	return strings.Join(said, c.said("、", ", "))
}

// means says what a field is: what the forms call it or what the document says, and what
// it takes.
func (c *cli) means(o operations.Operation, f operations.Input) string {
	l, said := c.language(), []string{f.Says}
	if l == wording.Chinese {
		path := strings.ReplaceAll(f.Path, operations.Listing, "")
		said = []string{strings.TrimSuffix(l.FieldIn(roomOf(o), path), "（"+path+"）")}
	}
	if len(f.Choices) > 0 {
		said = append(said, l.Sayf("one of %v", wording.Codes(f.Choices)))
	}
	if f.Default != "" {
		said = append(said, l.Sayf("default %s", f.Default))
	}
	if f.Example != "" {
		said = append(said, l.Sayf("such as %s", f.Example))
	}
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	return strings.Join(said, c.said("；", "; "))
}

// roomOf is where the names of fields are looked up, as refusals of the command do it.
func roomOf(o operations.Operation) string {
	var fixed []string
	for name := range strings.SplitSeq(strings.TrimPrefix(o.Path, "/v1/"), "/") {
		if !strings.HasPrefix(name, "{") {
			fixed = append(fixed, name)
		}
	}
	return strings.Join(fixed, "/")
}

// printHelp prints of 'ledger do OPERATION' the fields of the operation, and of
// everything else what others print.
func printHelp(l wording.Language, others kong.HelpPrinter) kong.HelpPrinter {
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		var d doCmd
		for _, at := range ctx.Path {
			if at.Positional != nil && at.Positional.Name == "operation" {
				d.Operation = cmp.Or(d.Operation, ctx.Value(at).String())
			}
		}
		if d.Operation == "" {
			return others(options, ctx)
		}
		for _, f := range ctx.Flags() {
			if f.Name == "server" {
				d.Server, _ = ctx.FlagValue(f).(string)
			}
		}
		list, err := d.known(context.Background())
		if err != nil {
			return err
		}
		o, err := operations.Named(list, d.Operation)
		if err != nil {
			return err
		}
		_, err = io.WriteString(ctx.Stdout, (&cli{Lang: string(l)}).explained(o))
		return err
	}
}
