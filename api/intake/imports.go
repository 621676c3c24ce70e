package intake

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// FileParams say how a list is read, whatever its kind.
type FileParams struct {
	File    string `query:"file" maxLength:"255" doc:"Name of the file, for the report"`
	Sheet   string `query:"sheet" maxLength:"300" doc:"Worksheet of a workbook, several with / between, * for each that is seen and has the same header. Default: the only one that is seen and holds a list. A hidden one is never read"`
	Columns string `query:"columns" maxLength:"4000" example:"{\"amount\":\"收费情况/总价\"}" doc:"JSON object of headings by field, or by its title in Chinese (金额), for columns that bear no usual name: a heading in a group as GROUP/HEADING, a column without one as G列, several with | between, the first in the file is read. An empty heading leaves a field unread; the headings under \"unread\" (不读) are known to say nothing"`
	Layout  string `query:"layout" maxLength:"60" example:"万科表" doc:"Name of a layout that was saved for this kind of list: columns that are named count more"`
	Hidden  bool   `query:"hidden" doc:"Read the rows that a filter hides, too; by default they are named and left"`
}

type ImportParams struct {
	kit.BulkHeaders
	FileParams
	RawBody []byte `contentType:"application/octet-stream"`
	DryRun  bool   `query:"dryRun" doc:"Check and report only; nothing is recorded"`
	Partial bool   `query:"partial" doc:"Record the good rows of a file that has bad ones; by default such a file records nothing"`
	Verbose bool   `query:"verbose" doc:"List every successful row, not only the first 1,000"`
}

type importChargesInput struct {
	ImportParams
	Center string `query:"center" maxLength:"64" doc:"Center that is charged where a row names none; by default the one that answers for the project on the day"`
}

type importFaultsInput struct{ ImportParams }

type importUsersInput struct {
	ImportParams
	Reason string `query:"reason" maxLength:"200" default:"导入用户清单" doc:"Why, where a row does not say"`
}

type importCatalogueInput struct {
	ImportParams
	From string `query:"from" doc:"First day of the descriptions where a row names none. Default: today"`
}

type importCountInput struct {
	ImportParams
	Project      string `query:"project" maxLength:"64" doc:"Whose depot was counted, where a row names none"`
	Count        string `query:"count" maxLength:"64" doc:"Number of the count sheet, where a row names none. Default: PD- and the day"`
	CountedOn    string `query:"countedOn" doc:"Day of the count, where a row names none"`
	CountedBy    string `query:"countedBy" doc:"Who counted, where a row names nobody"`
	Witness      string `query:"witness" doc:"监盘人, where a row names nobody"`
	UnknownParts bool   `query:"unknownParts" doc:"Accept parts that neither the catalogue nor the depot knows"`
}

// importProblem is an error answer that carries the report of the file.
type importProblem struct {
	*kit.Problem
	Report imports.Report `json:"report"`
}

func (s *service) imports() {
	s.importLayouts(imports.BankStatements, kit.MayBookPayments)
	s.importLayouts("charges", kit.MayCharge)
	s.importLayouts("fault-records", kit.MayRecordFaults)
	s.importLayouts("catalogue", kit.MayDescribeParts)
	s.importLayouts("counts", kit.MayCountStock)
	importer(s.Service, "/v1/imports/charges", "import-charges", "Import a charge list F3 from CSV or XLSX (5.3.3)",
		kit.MayCharge,
		func(ctx context.Context, in *importChargesInput) (imports.Report, error) {
			return in.run(ctx, s.Service, imports.Charges(s.Ledger(ctx), s.directory(ctx), domain.CenterID(in.Center)))
		})
	importer(s.Service, "/v1/imports/fault-records", "import-fault-records",
		"Import a fault record F1 from CSV or XLSX (5.1.3)", kit.MayRecordFaults,
		func(ctx context.Context, in *importFaultsInput) (imports.Report, error) {
			return in.run(ctx, s.Service, imports.Faults(s.Ledger(ctx), s.directory(ctx), kit.MayRegisterTickets.Roles))
		})
	s.importLayouts("users", kit.MayAdministerUsers)
	importer(s.Service, "/v1/imports/users", "import-users",
		"Import a list of users (用户清单) with what is granted to them from CSV or XLSX (4)", kit.MayAdministerUsers,
		func(ctx context.Context, in *importUsersInput) (imports.Report, error) {
			return in.run(ctx, s.Service, imports.Users(s.Ledger(ctx), s.directory(ctx), s.Service, in.Reason))
		})
	importer(s.Service, "/v1/imports/catalogue", "import-catalogue", "Import a catalogue of parts from CSV or XLSX",
		kit.MayDescribeParts,
		func(ctx context.Context, in *importCatalogueInput) (imports.Report, error) {
			var p kit.Parser
			from := p.Date("from", in.From)
			if p.Err != nil {
				return imports.Report{}, p.Err
			}
			if from.IsZero() {
				from = calendar.DateOf(s.Deps.Clock())
			}
			return in.run(ctx, s.Service, imports.Catalogue(s.Ledger(ctx), from))
		})
	importer(s.Service, "/v1/imports/counts", "import-counts", "Import a count sheet (盘点表) from CSV or XLSX (5.1.3)",
		kit.MayCountStock,
		func(ctx context.Context, in *importCountInput) (imports.Report, error) {
			var p kit.Parser
			base := imports.CountSheet{
				Project: in.Project, Count: in.Count, CountedOn: p.Date("countedOn", in.CountedOn), CountedBy: in.CountedBy,
				Witness: in.Witness, UnknownParts: in.UnknownParts,
			}
			if p.Err != nil {
				return imports.Report{}, p.Err
			}
			return in.run(ctx, s.Service, imports.Counts(s.Ledger(ctx), s.directory(ctx), base))
		})
}

// directory are the names by which lists call projects and centers.
func (s *service) directory(ctx context.Context) imports.Directory {
	return imports.DirectoryOf(s.Deps.ReadModels, kit.ScopeOf(ctx))
}

func (p ImportParams) run(ctx context.Context, s *kit.Service, kind imports.Kind) (imports.Report, error) {
	options := sheet.Options{Sheet: p.Sheet, Hidden: p.Hidden}
	var err error
	if options.Columns, err = s.ColumnsOf(ctx, kind.Name(), p.Layout, p.Columns, p.RawBody, options); err != nil {
		return imports.Report{}, err
	}
	r := p.Request(ctx)
	if p.Correlation == "" {
		r.CorrelationID = p.Key
	}
	report, err := imports.Run(ctx, r, p.RawBody, kind,
		imports.Options{
			Options: options, File: p.File, DryRun: p.DryRun, Partial: p.Partial, Verbose: p.Verbose,
			Called: s.Deps.Ledger.People().Name,
		})
	return report, refusedImport(ctx, err)
}

// refusedImport turns a file that was not recorded into an answer that names
// what is wrong with it.
func refusedImport(ctx context.Context, err error) error {
	var r *imports.Refused
	if !errors.As(err, &r) {
		return err
	}
	say := wording.Of(ctx)
	p := kit.ProblemIn(say, http.StatusUnprocessableEntity, "import-refused", say.Say(r.Of))
	const most = 20
	for _, f := range r.Rows[:min(most, len(r.Rows))] {
		p.Violations = append(p.Violations,
			kit.Violation{
				Field: strings.TrimSpace(f.Cell + " " + say.Column(f.Title, f.Field)), Value: f.Value, Rule: f.Rule,
				Clause: f.Clause,
			})
	}
	return p
}

const importDescription = "The body is the file itself; its format is told by its content. The whole file is read and checked before anything is " +
	"recorded. All rows of one center (of one ticket, sheet or catalogue) are recorded in one append: a crash leaves all of them or none, " +
	"and the same file again records the rest. Each row is recorded under a key made of its own content, so that the same file again, saved anew, or grown longer, " +
	"records only what is new, whoever sends it; the Idempotency-Key joins what one request recorded where no X-Correlation-ID does. Roles: "

func importer[I any](
	s *kit.Service, path, id, summary string, may *kit.Action,
	handle func(context.Context, *I) (imports.Report, error),
) {
	file := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	huma.Register(s.API, huma.Operation{
		Method: http.MethodPost, Path: path, OperationID: id, Summary: summary, Tags: kit.TagOf(path),
		MaxBodyBytes: sheet.MaxBytes, BodyReadTimeout: 2 * time.Minute,
		Security: []map[string][]string{{kit.BearerScheme: {}}}, Metadata: map[string]any{kit.ActionKey: may},
		Extensions:  map[string]any{"x-action": may.Name},
		Description: importDescription + kit.JoinRoles(may.Roles) + ".",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"text/csv": file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": file,
		}},
		Errors: []int{400, 401, 403, 413, 422, 503},
	}, func(ctx context.Context, in *I) (*kit.Answer[imports.Report], error) {
		report, err := handle(ctx, in)
		if err != nil {
			p := s.Problem(ctx, err)
			if report.Results == nil {
				return nil, p
			}
			return nil, &importProblem{p, report}
		}
		return &kit.Answer[imports.Report]{Body: report}, nil
	})
}
