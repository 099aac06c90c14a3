using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Geography;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Documents;

/// <summary>One field name that filters ask for, and what the document now being tested holds under it. Written anew for every document.</summary>
internal sealed class DocumentField(DocumentFields owner)
{
    private uint _document;
    private double _number;
    private Utf8Text _text;
    private uint _locationOf;
    private bool _hasLocation;
    private GeoLocation _location;

    public bool IsPresent => _document == owner.CurrentDocument;

    public JsonValueKind Kind { get; private set; }

    /// <summary>The value; only for fields that are present. Undefined when the field is an id given as text.</summary>
    public JsonElement Value { get; private set; }

    /// <summary>The value of a present number.</summary>
    public double Number => _number;

    /// <summary>The unescaped bytes of a present string.</summary>
    public ReadOnlySpan<byte> Text => _text.Span;

    public void Set(JsonElement value)
    {
        _document = owner.CurrentDocument;
        Value = value;
        Kind = value.ValueKind;
        if (Kind == JsonValueKind.Number) _number = value.GetDouble() + 0.0;
        else if (Kind == JsonValueKind.String) _text = JsonText.Of(value);
    }

    public void Set(Utf8Text text)
    {
        _document = owner.CurrentDocument;
        Value = default;
        Kind = JsonValueKind.String;
        _text = text;
    }

    /// <summary>The point that the field holds, if it is present and holds one.</summary>
    public bool TryGetLocation(out GeoLocation location)
    {
        if (_locationOf != owner.CurrentDocument)
        {
            _locationOf = owner.CurrentDocument;
            var point = default(GeoPoint);
            _hasLocation = IsPresent && (Kind == JsonValueKind.String ? GeoPointReader.TryRead(_text, out point) : GeoPointReader.TryRead(Value, out point));
            _location = new GeoLocation(point);
        }

        location = _location;
        return _hasLocation;
    }

    /// <summary>Whether a present field is this scalar.</summary>
    public bool IsScalar(Scalar scalar) => Kind == scalar.Kind && Kind switch
    {
        JsonValueKind.Number => _number.Equals(scalar.Number),
        JsonValueKind.String => _text.Equals(scalar.Text),
        _ => true,
    };
}
