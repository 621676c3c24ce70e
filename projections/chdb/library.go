package chdb

import (
	"runtime"
	"sync"
	"unsafe"

	"aftersales-ledger/domain"

	"github.com/ebitengine/purego"
)

// native holds the entry points of libchdb that this package uses. The types
// follow chdb.h: handles are opaque addresses, so they stay uintptr and the
// garbage collector never looks at them.
type native struct {
	setSignalHandlers func(enabled int32)

	connect   func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	closeConn func(handle unsafe.Pointer)
	classify  func(conn uintptr, sql *byte, size uintptr, database *byte, databaseSize uintptr, out *analysis) int32
	query     statement

	insert        statement
	insertError   func(stream uintptr) string
	append        func(stream uintptr, data *byte, size uintptr) int32
	done          func(stream uintptr) uintptr
	cancelInsert  func(stream uintptr)
	destroyInsert func(stream uintptr)

	resultError   func(result uintptr) string
	resultBuffer  func(result uintptr) *byte
	resultLength  func(result uintptr) uintptr
	rowsRead      func(result uintptr) uint64
	rowsWritten   func(result uintptr) uint64
	destroyResult func(result uintptr)
}

// analysis mirrors chdb_query_analysis_v1.
type analysis struct {
	size       uint32
	statements uint32
	_          uint32 // flags
	class      uint32
}

// classControl is CHDB_QUERY_CONTROL: the statement changes the session (USE,
// SET) or the server (SYSTEM, ATTACH) rather than data.
const classControl = 3

// loaded is the library of this process. The dynamic linker cannot unload an
// engine that has started threads, so it is opened once and stays.
var loaded struct {
	sync.Mutex
	lib *native
}

// load opens the library at path, or returns the one already open.
func load(path string) (*native, error) {
	loaded.Lock()
	defer loaded.Unlock()
	if loaded.lib != nil {
		return loaded.lib, nil
	}
	handle, err := openLibrary(path)
	if err != nil {
		return nil, domain.Failed(err,
			"chdb: %s cannot be loaded; if the file is damaged, delete it and run `make engine`", path)
	}
	lib := new(native)
	for _, symbol := range []struct {
		fn   any
		name string
	}{
		{&lib.setSignalHandlers, "chdb_set_signal_handlers_enabled"},
		{&lib.connect, "chdb_connect"},
		{&lib.closeConn, "chdb_close_conn"},
		{&lib.classify, "chdb_classify_query_n"},
		{&lib.query, "chdb_query_with_params_n"},
		{&lib.insert, "chdb_stream_insert_with_params_n"},
		{&lib.insertError, "chdb_stream_insert_error"},
		{&lib.append, "chdb_stream_append"},
		{&lib.done, "chdb_stream_done"},
		{&lib.cancelInsert, "chdb_stream_cancel_insert"},
		{&lib.destroyInsert, "chdb_destroy_insert_stream"},
		{&lib.resultError, "chdb_result_error"},
		{&lib.resultBuffer, "chdb_result_buffer"},
		{&lib.resultLength, "chdb_result_length"},
		{&lib.rowsRead, "chdb_result_storage_rows_read"},
		{&lib.rowsWritten, "chdb_result_rows_written"},
		{&lib.destroyResult, "chdb_destroy_query_result"},
	} {
		address, err := findSymbol(handle, symbol.name)
		if err != nil {
			return nil, domain.Failed(err, "chdb: %s is not libchdb %s", path, Version)
		}
		purego.RegisterFunc(symbol.fn, address)
	}
	// The engine's own signal handlers would turn a nil dereference that Go
	// recovers from into the death of the process, so they must be off before
	// the first connection installs them.
	lib.setSignalHandlers(0)
	loaded.lib = lib
	return lib, nil
}

// errConnect is all that can be said when chdb_connect returns null: the
// engine may print a reason to standard error, but it hands none back.
var errConnect error = domain.Failed(nil, "the engine refused to start")

// open connects with the command-line arguments args.
func (l *native) open(args []string) (unsafe.Pointer, error) {
	var pins runtime.Pinner
	defer pins.Unpin()
	argv := make([]*byte, 0, len(args)+2)
	for _, arg := range append([]string{"chdb"}, args...) {
		argv = append(argv, cString(&pins, arg))
	}
	argv = append(argv, nil)
	handle := l.connect(int32(len(argv)-1), unsafe.Pointer(&argv[0]))
	if handle == nil || *(*uintptr)(handle) == 0 {
		return nil, errConnect
	}
	return handle, nil
}

// cString copies text behind a pinned, null-terminated pointer.
func cString(pins *runtime.Pinner, text string) *byte {
	data := append([]byte(text), 0)
	pins.Pin(&data[0])
	return &data[0]
}

// param is one value bound to a {name:Type} placeholder, in the escaped text
// form the HTTP interface uses.
type param struct{ name, value string }

// paramArrays are the parallel C arrays that carry parameters.
type paramArrays struct {
	names, values         []*byte
	nameSizes, valueSizes []uintptr
}

func newParamArrays(pins *runtime.Pinner, params []param) (a paramArrays) {
	for _, p := range params {
		a.names, a.nameSizes = append(a.names, cString(pins, p.name)), append(a.nameSizes, uintptr(len(p.name)))
		a.values, a.valueSizes = append(a.values, cString(pins, p.value)), append(a.valueSizes, uintptr(len(p.value)))
	}
	return a
}

// statement is the shape query and insert share.
type statement func(conn uintptr, sql *byte, size uintptr, format *byte, formatSize uintptr,
	names, nameSizes, values, valueSizes unsafe.Pointer, params uintptr) uintptr

// call hands sql, format and params to a statement and returns the handle it
// answers with.
func call(fn statement, conn uintptr, sql, format string, params []param) uintptr {
	var pins runtime.Pinner
	defer pins.Unpin()
	a := newParamArrays(&pins, params)
	return fn(conn,
		unsafe.StringData(sql), uintptr(len(sql)),
		unsafe.StringData(format), uintptr(len(format)),
		unsafe.Pointer(unsafe.SliceData(a.names)), unsafe.Pointer(unsafe.SliceData(a.nameSizes)),
		unsafe.Pointer(unsafe.SliceData(a.values)), unsafe.Pointer(unsafe.SliceData(a.valueSizes)),
		uintptr(len(params)))
}
