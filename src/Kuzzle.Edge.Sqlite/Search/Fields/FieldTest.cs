using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>That a value of a field passes a test.</summary>
internal sealed class FieldTest(Field searched, ValueTest test) : LeafTest
{
    public Field Searched => searched;

    public ValueTest Test => test;

    public override bool IsAboutId => searched.Kind == FieldKind.Id;

    public override bool Matches(FieldScanner scanner, ReadOnlySpan<byte> source) => searched.Kind switch
    {
        FieldKind.Hidden => false,
        FieldKind.Id => test.Passes(FieldValue.Of(source)),
        _ when test is AnyValue => scanner.Exists(source, searched),
        _ => scanner.Any(source, searched, test),
    };
}
