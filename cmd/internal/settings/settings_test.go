package settings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"aftersales-ledger/cmd/internal/settings"
)

type line struct {
	Log   string        `env:"SETTINGS_TEST_LOG"`
	Wait  time.Duration `default:"30s"`
	Serve struct {
		Listen string `default:"127.0.0.1:8080"`
		Names  []string
		Cert   string `type:"path"`
		Code   string `secret:"yes"`
		Quiet  bool
		Most   int `default:"7"`
	} `cmd:""`
	Look look `cmd:""`
}

type look struct {
	Listen string `default:"127.0.0.1:8080"`
}

func (look) LikeServe() {}

// parse reads a command line with a file.
func parse(t *testing.T, src string, args ...string) (*line, *kong.Context, *settings.File, error) {
	t.Helper()
	f, err := settings.Parse("/etc/ledger/ledger.yaml", []byte(src))
	if err != nil {
		return nil, nil, nil, err
	}
	var l line
	k, err := kong.New(&l, kong.Resolvers(f))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := k.Parse(args)
	return &l, ctx, f, err
}

const whole = `
log: esdb://ledger:hunter2@10.0.0.5:2113?tlsVerifyCert=true
wait: 5s
serve:
  listen: 0.0.0.0:443
  names: [one.example.com, two.example.com]
  cert: chain.pem
  code: swordfish
  quiet: true
  most: 12
`

func TestAFlagGoesBeforeTheEnvironmentTheEnvironmentBeforeTheFileTheFileBeforeTheDefault(t *testing.T) {
	l, _, _, err := parse(t, whole, "serve", "--most=3")
	if err != nil {
		t.Fatal(err)
	}
	if l.Wait != 5*time.Second || l.Serve.Listen != "0.0.0.0:443" || len(l.Serve.Names) != 2 || !l.Serve.Quiet ||
		l.Serve.Cert != "/etc/ledger/chain.pem" || l.Serve.Most != 3 {
		t.Errorf("read %+v", *l)
	}
	t.Setenv("SETTINGS_TEST_LOG", "elsewhere.sqlite")
	_, ctx, f, err := parse(t, whole, "serve", "--most=3")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range settings.InForce(ctx, f, nil) {
		got = append(got, s.Name+"="+s.Value+" "+s.From)
	}
	want := []string{
		"log=elsewhere.sqlite SETTINGS_TEST_LOG", "wait=5s /etc/ledger/ledger.yaml",
		"listen=0.0.0.0:443 /etc/ledger/ledger.yaml", "names=one.example.com,two.example.com /etc/ledger/ledger.yaml",
		"cert=/etc/ledger/chain.pem /etc/ledger/ledger.yaml", "code=•••••• /etc/ledger/ledger.yaml",
		"quiet=true /etc/ledger/ledger.yaml", "most=3 --most",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("in force:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatLooksAtAServersSettingsReadsItsSection(t *testing.T) {
	l, _, _, err := parse(t, whole, "look")
	if err != nil || l.Look.Listen != "0.0.0.0:443" {
		t.Errorf("it looks at %q: %v", l.Look.Listen, err)
	}
}

func TestAMistakeInAFileIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"a name that no flag has":     {"lgo: x\n", "lgo"},
		"one below a command":         {"serve:\n  lisen: x\n", "serve: lisen"},
		"a command that is none":      {"srve:\n  listen: x\n", "srve"},
		"a flag that says what to do": {"help: true\n", "help"},
		"a name that stands twice":    {"wait: 1s\nwait: 2s\n", "wait"},
		"no mapping":                  {"- a\n", "/etc/ledger/ledger.yaml"},
		"a value that is none of its": {"wait: soon\n", "wait"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, _, err := parse(t, c.src, "serve"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it says %v, without %q", err, c.want)
			}
		})
	}
}

func TestNoSecretIsShown(t *testing.T) {
	for _, value := range []string{
		"esdb://ledger:hunter2@10.0.0.5:2113", "clickhouse://u:hunter2@h:9000/db?secure=true", "smtp://u:hunter2@h:587",
		"s3://bucket?secret_key=hunter2&region=r", "http://h?password=hunter2", "smtp://u:hun@hunter2@h:587",
		"clickhouse://u:hunter2/%zz@h", "https://h/?access_token=hunter2",
		"s3://bucket?endpoint=https://k:hunter2@h&region=r", "s3://bucket?endpoint=https%3A%2F%2Fk%3Ahunter2%40h",
	} {
		if shown := settings.Masked(value); strings.Contains(shown, "hunter2") {
			t.Errorf("%s is shown as %s", value, shown)
		}
	}
	if shown := settings.Masked("esdb://ledger:hunter2@10.0.0.5:2113?a=b"); shown != "esdb://ledger:••••••@10.0.0.5:2113?a=b" {
		t.Errorf("shown as %s", shown)
	}
}

// FuzzMasked looks for an address whose password shows.
func FuzzMasked(f *testing.F) {
	f.Add("esdb", "ledger", "10.0.0.5:2113/?a=b")
	f.Add("smtp", "a@b", "h:587")
	f.Fuzz(func(t *testing.T, scheme, user, rest string) {
		const password = "hunter2hunter2"
		if strings.Contains(scheme+user+rest, "hunter2") {
			t.Skip()
		}
		if shown := settings.Masked(scheme + "://" + user + ":" + password + "@" + rest); strings.Contains(shown, "hunter2") &&
			!strings.ContainsAny(user+scheme, "/?#") {
			t.Errorf("shown as %q", shown)
		}
	})
}
