package eventstore

import (
	"math/big"
	"reflect"
	"sync"
	"time"
	"unsafe"
)

// copyOf returns a copy of a folded state that shares nothing with it that can
// change, so that the one may be folded ahead of an append and the other is true
// still if that is refused. Pointers and maps that are shared within the state
// are shared within the copy. Functions and channels, which states have no
// business to hold, stay the same.
func copyOf(state any) any {
	c := copier{made: make(map[unsafe.Pointer]reflect.Value)}
	return c.copy(reflect.ValueOf(state)).Interface()
}

type copier struct {
	made map[unsafe.Pointer]reflect.Value // copies of pointers and maps, by what was copied
}

func (c *copier) copy(v reflect.Value) reflect.Value {
	if plain(v.Type()) {
		return v
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		if made, ok := c.made[v.UnsafePointer()]; ok && made.Type() == v.Type() {
			return made
		}
		out := reflect.New(v.Type().Elem())
		c.made[v.UnsafePointer()] = out
		c.into(out.Elem(), v.Elem())
		return out
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		if made, ok := c.made[v.UnsafePointer()]; ok && made.Type() == v.Type() {
			return made
		}
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		c.made[v.UnsafePointer()] = out
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(c.copy(it.Key()), c.copy(it.Value()))
		}
		return out
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type()).Elem()
		out.Set(c.copy(v.Elem()))
		return out
	case reflect.Slice, reflect.Struct, reflect.Array:
		out := reflect.New(v.Type()).Elem()
		c.into(out, v)
		return out
	}
	return v
}

// into copies v to out, which can be set.
func (c *copier) into(out, v reflect.Value) {
	switch {
	case plain(v.Type()):
		out.Set(v)
	case v.Kind() == reflect.Slice:
		if v.IsNil() {
			return
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		if plain(v.Type().Elem()) {
			reflect.Copy(out, v)
			return
		}
		for i := range v.Len() {
			c.into(out.Index(i), v.Index(i))
		}
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			c.into(out.Index(i), v.Index(i))
		}
	case v.Kind() == reflect.Struct:
		if !v.CanAddr() { // what a map holds: its fields must be reached
			held := reflect.New(v.Type()).Elem()
			held.Set(v)
			v = held
		}
		for i := range v.NumField() {
			c.into(field(out, i), field(v, i))
		}
	default:
		out.Set(c.copy(v))
	}
}

// field returns a field that can be read and set even if it is not exported.
func field(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

// plains remembers which types hold nothing that can change behind a value's
// back.
var plains sync.Map // reflect.Type to bool

// never are types whose values nobody changes, whatever they hold.
var never = map[reflect.Type]bool{reflect.TypeFor[time.Time](): true, reflect.TypeFor[*big.Int](): true}

func plain(t reflect.Type) bool {
	if known, ok := plains.Load(t); ok {
		return known.(bool)
	}
	is := false
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		is = never[t]
	case reflect.Array:
		is = plain(t.Elem())
	case reflect.Struct:
		is = true
		for i := range t.NumField() {
			is = is && plain(t.Field(i).Type)
		}
		is = is || never[t]
	default:
		is = true
	}
	plains.Store(t, is)
	return is
}
