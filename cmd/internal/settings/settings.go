// Package settings reads what a ledger is run with from a file, and tells what is
// in force and from where. A flag goes before the environment, the environment
// before the file, the file before the default.
package settings

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"

	"aftersales-ledger/domain"
)

// FileName is where a file of settings is looked for in the data folder.
const FileName = "ledger.yaml"

// File is a file of settings: names of flags without their dashes, those of one
// command below its name.
//
//	log: esdb://ledger@10.0.0.5:2113
//	serve:
//	  listen: 0.0.0.0:443
//	  acme-domain: [ledger.example.com]
//
// A path in it is taken from the file's own folder.
type File struct {
	path   string
	values map[string]any
}

// Read reads a file of settings.
func Read(path string) (*File, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, src)
}

// Parse reads settings. It refuses what is no YAML mapping, and a name that stands
// twice.
func Parse(path string, src []byte) (*File, error) {
	f := &File{path: path}
	if err := yaml.Unmarshal(src, &f.values); err != nil {
		return nil, fmt.Errorf("%s: %s", path, yaml.FormatError(err, false, false))
	}
	return f, nil
}

// Validate implements [kong.Resolver]: a name that no flag has would be a wish
// that nobody fulfils.
func (f *File) Validate(app *kong.Application) error { return f.known(app.Node, f.values, nil) }

func (f *File) known(n *kong.Node, values map[string]any, at []string) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if below, ok := values[name].(map[string]any); ok {
			i := slices.IndexFunc(n.Children, func(c *kong.Node) bool { return c.Name == name })
			if i < 0 {
				return domain.Failed(nil, "%s: %s: no command is called so", f.path, strings.Join(append(at, name), ": "))
			}
			if err := f.known(n.Children[i], below, append(at, name)); err != nil {
				return err
			}
			continue
		}
		isOne := func(flag *kong.Flag) bool { return flag.Name == name && !slices.Contains(unsettable, name) }
		if !slices.ContainsFunc(n.Flags, isOne) {
			return domain.Failed(nil, "%s: %s: no flag of it is called so; 'ledger config' lists those there are", f.path,
				strings.Join(append(at, name), ": "))
		}
	}
	return nil
}

// unsettable are flags that say what to do now.
var unsettable = []string{"help", "config", "welcome", "json"}

// Resolve implements [kong.Resolver].
func (f *File) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	value, ok := f.values[flag.Name]
	values := f.values
	for _, command := range section(parent.Node()) {
		if values, _ = values[command].(map[string]any); values[flag.Name] != nil {
			value, ok = values[flag.Name], true
		}
	}
	if !ok || value == nil {
		return nil, nil
	}
	path := flag.Tag.Type == "path"
	if list, isList := value.([]any); isList {
		texts := make([]any, len(list))
		for i, v := range list {
			texts[i] = f.text(v, path)
		}
		return texts, nil
	}
	return f.text(value, path), nil
}

// LikeServe marks a command that looks at what 'ledger serve' would run with.
type LikeServe interface{ LikeServe() }

// section is where the values of a command stand.
func section(n *kong.Node) (names []string) {
	for ; n != nil && n.Type == kong.CommandNode; n = n.Parent {
		if _, alike := n.Target.Interface().(LikeServe); alike {
			return []string{"serve"}
		}
		names = append([]string{n.Name}, names...)
	}
	return names
}

func (f *File) text(value any, path bool) string {
	text := fmt.Sprint(value)
	if path && !filepath.IsAbs(text) && !strings.HasPrefix(text, "~") {
		text = filepath.Join(filepath.Dir(f.path), text)
	}
	return text
}

// Setting is one value in force.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// InForce lists the flags of a command line in the order of their help. derived
// are values that an empty flag stands for.
func InForce(ctx *kong.Context, f *File, derived map[string]string) (list []Setting) {
	given := make(map[*kong.Value]string)
	for _, p := range ctx.Path {
		switch {
		case p.Flag == nil:
		case p.Resolved:
			given[p.Flag.Value] = f.path
		default:
			given[p.Flag.Value] = "--" + p.Flag.Name
		}
	}
	for _, flag := range ctx.Flags() {
		if slices.Contains(unsettable, flag.Name) {
			continue
		}
		from, ok := given[flag.Value]
		for _, env := range flag.Envs {
			if _, set := os.LookupEnv(env); set && !ok {
				from, ok = env, true
			}
		}
		if !ok {
			from = "default"
		}
		value := written(flag.Target)
		if value == "" || value == "0" && derived[flag.Name] != "" {
			value = derived[flag.Name]
		}
		list = append(list, Setting{flag.Name, masked(flag, value), from})
	}
	return list
}

func written(v reflect.Value) string {
	if v.Kind() != reflect.Slice {
		if text, ok := v.Interface().(interface{ MarshalText() ([]byte, error) }); ok {
			if b, err := text.MarshalText(); err == nil {
				return string(b)
			}
		}
		return fmt.Sprint(v.Interface())
	}
	var texts []string
	for i := range v.Len() {
		texts = append(texts, written(v.Index(i)))
	}
	return strings.Join(texts, ",")
}

// mask stands for a secret.
const mask = "••••••"

// masked is a value without its secrets: all of a flag that is tagged secret, and
// passwords in addresses.
func masked(flag *kong.Flag, value string) string {
	if value == "" {
		return value
	}
	if flag.Tag.Has("secret") {
		return mask
	}
	return Masked(value)
}

// Masked is an address without the secrets in it: the password, and parameters
// that are called like one or hold an address with one. What cannot be read as an address and yet holds an @
// is not shown at all.
func Masked(value string) string {
	if !strings.Contains(value, "://") {
		return value
	}
	u, err := url.Parse(value)
	if err != nil {
		if strings.Contains(value, "@") {
			return mask
		}
		return value
	}
	if strings.Contains(u.Host+u.Path, "@") {
		return mask // taken apart wrongly: a part of the password may pass for the host
	}
	if _, has := u.User.Password(); has {
		u.User = url.User(u.User.Username() + ":" + mask)
	}
	query := strings.Split(u.RawQuery, "&")
	for i, pair := range query {
		name, value, _ := strings.Cut(pair, "=")
		if text, err := url.QueryUnescape(value); err != nil || strings.Contains(text, "@") { // an address in the address
			query[i] = name + "=" + mask
		}
		for _, secret := range []string{"pass", "secret", "token", "key", "signature"} {
			if strings.Contains(strings.ToLower(name), secret) {
				query[i] = name + "=" + mask
			}
		}
	}
	u.RawQuery = strings.Join(query, "&")
	text, err := url.PathUnescape(u.String())
	if err != nil {
		return u.String()
	}
	return text
}
