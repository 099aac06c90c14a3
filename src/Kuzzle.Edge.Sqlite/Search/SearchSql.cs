using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>
/// A statement under construction: its parameters, and the leaves that its function calls number. Its text consists of our own words, numbers and
/// parameters only.
/// </summary>
internal sealed class SearchSql
{
    private readonly List<object> _parameters = [];
    private readonly Dictionary<LeafTest, int> _testNumbers = [];
    private readonly List<LeafTest> _tests = [];
    private readonly List<SortField> _sortFields = [];

    public IReadOnlyList<LeafTest> Tests => _tests;

    public IReadOnlyList<SortField> SortFields => _sortFields;

    /// <summary>Joins expressions by an operator, as a balanced tree: SQLite refuses one that is a thousand levels deep.</summary>
    public static string Balanced(IReadOnlyList<string> expressions, string operation)
    {
        var text = new StringBuilder();
        Append(text, expressions, 0, expressions.Count, operation);
        return text.ToString();
    }

    public static string JsonArray(IEnumerable<string> values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var value in values) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A parameter of this value: text, a long, a double or a blob.</summary>
    public string Parameter(object value)
    {
        _parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"?{_parameters.Count}");
    }

    /// <summary>A parameter that is compared with the values of an index.</summary>
    public string Parameter(QueryValue value) => Parameter((object)value);

    /// <summary>The condition that a leaf holds.</summary>
    public string Call(LeafTest test)
    {
        if (!_testNumbers.TryGetValue(test, out var number))
        {
            number = _tests.Count;
            _tests.Add(test);
            _testNumbers.Add(test, number);
        }

        return string.Create(CultureInfo.InvariantCulture, $"matches({(test.IsAboutId ? "d.id" : "d.source")}, {number})");
    }

    public string Call(SortField field)
    {
        _sortFields.Add(field);
        return string.Create(CultureInfo.InvariantCulture, $"sort_key(d.source, {_sortFields.Count - 1})");
    }

    /// <summary>Gives the statement its parameters.</summary>
    public void Bind(SqliteStatement statement)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            switch (_parameters[i])
            {
                case QueryValue { Type: FieldValueType.Text } text:
                    statement.Bind(i + 1, text.Text);
                    break;
                case QueryValue { Type: FieldValueType.Boolean } boolean:
                    statement.BindBlob(i + 1, [(byte)boolean.Number.Whole]);
                    break;
                case QueryValue { Number.IsWhole: true } number:
                    statement.Bind(i + 1, number.Number.Whole);
                    break;
                case QueryValue number:
                    statement.Bind(i + 1, number.Number.Real);
                    break;
                case string text:
                    statement.Bind(i + 1, text);
                    break;
                case byte[] blob:
                    statement.BindBlob(i + 1, blob);
                    break;
                case long whole:
                    statement.Bind(i + 1, whole);
                    break;
                case double real:
                    statement.Bind(i + 1, real);
                    break;
                case var other:
                    throw new InvalidOperationException($"A parameter cannot be a {other.GetType().Name}.");
            }
        }
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> expressions, int start, int count, string operation)
    {
        if (count == 1)
        {
            text.Append(expressions[start]);
            return;
        }

        text.Append('(');
        Append(text, expressions, start, count / 2, operation);
        text.Append(' ').Append(operation).Append(' ');
        Append(text, expressions, start + (count / 2), count - (count / 2), operation);
        text.Append(')');
    }
}
