using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>One leaf of a query: that a value of a field passes a test.</summary>
internal sealed class FieldTest(Field searched, ValueTest test)
{
    /// <summary>Whether it is about the identifier, which is not in the document's source.</summary>
    public bool IsAboutId => searched.Kind == FieldKind.Id;

    public bool Matches(FieldScanner scanner, ReadOnlySpan<byte> source) => searched.Kind switch
    {
        FieldKind.Hidden => false,
        FieldKind.Id => test.Passes(FieldValue.Of(source)),
        _ when test is AnyValue => scanner.Exists(source, searched),
        _ => scanner.Any(source, searched, test),
    };
}
