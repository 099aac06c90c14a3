using System.Text;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Search;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>What a document has in the index of a field, ready to be bound. Kept and used again by the writer. For one thread.</summary>
internal sealed class IndexedValues : ValueTest
{
    private readonly List<QueryValue> _values = [];
    private readonly StringBuilder _words = new();
    private readonly FieldScanner _scanner = new();
    private bool _isText;

    public override bool TakesWholeText => true;

    /// <summary>Whether the document has several values.</summary>
    public bool IsMulti => !_isText && _values.Count > 1;

    private bool IsEmpty => _isText ? _words.Length == 0 : _values.Count == 0;

    public void Read(Field field, ReadOnlySpan<byte> source)
    {
        _values.Clear();
        _words.Clear();
        _isText = field.Kind == FieldKind.Text;
        _scanner.Any(source, field, this);
    }

    /// <summary>Never passes: all values must be seen.</summary>
    public override bool Passes(FieldValue value)
    {
        if (_isText) IndexWords.Append(_words, Words.Of(value.Text));
        else _values.Add(QueryValue.Copy(value));
        return false;
    }

    public bool SameAs(IndexedValues other)
    {
        if (_isText) return _words.Equals(other._words);
        if (_values.Count != other._values.Count) return false;
        for (var i = 0; i < _values.Count; i++)
        {
            if (_values[i].View.OrderAgainst(other._values[i].View) != 0) return false;
        }

        return true;
    }

    /// <summary>Adds the document to the index, or removes it, by the statement's text.</summary>
    public void Write(SqliteConnection connection, string sql, long seq)
    {
        if (IsEmpty) return;
        if (_isText)
        {
            using var words = connection.Prepare(sql);
            words.Bind(1, seq);
            words.Bind(2, _words.ToString());
            words.Execute();
            return;
        }

        foreach (var value in _values)
        {
            using var statement = connection.Prepare(sql);
            statement.Bind(1, seq);
            Bind(statement, value);
            statement.Execute();
        }
    }

    private static void Bind(SqliteStatement statement, QueryValue value)
    {
        switch (value.Type)
        {
            case FieldValueType.Text:
                statement.Bind(2, value.Text);
                break;
            case FieldValueType.Boolean:
                statement.BindBlob(2, [(byte)value.Number.Whole]);
                break;
            default:
                if (value.Number.IsWhole) statement.Bind(2, value.Number.Whole);
                else statement.Bind(2, value.Number.Real);
                break;
        }
    }
}
