using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Geography;
using Kuzzle.Edge.Koncorde.Indexes;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Documents;

/// <summary>One field name that filters ask for, and what the document now being tested holds under it. Written anew for every document.</summary>
internal sealed class DocumentField(DocumentFields owner)
{
    private ulong _locationOf;
    private bool _hasLocation;
    private ulong _hashOf;
    private int _hash;
    private GeoLocation _location;
    private Utf8Text? _ownText; // unescaped, or an id; otherwise the text is that of the value

    /// <summary>How many conditions ask for this field.</summary>
    public int Uses { get; set; }

    /// <summary>The filters that a value of this field leads to; null when none are found by it.</summary>
    public FieldIndex? Index { get; set; }

    /// <summary>What all filters together want of this field.</summary>
    public FieldStatistics Statistics { get; } = new();

    public bool IsPresent { get; private set; }

    /// <summary>The type of the value; undefined while absent.</summary>
    public JsonValueKind Kind { get; private set; }

    /// <summary>The value of a present field; undefined when it is an id given as text.</summary>
    public JsonElement Value { get; private set; }

    /// <summary>The number held; NaN, which is in no interval, when there is none.</summary>
    public double Number { get; private set; } = double.NaN;

    /// <summary>The unescaped bytes of a present string.</summary>
    public ReadOnlySpan<byte> Text => _ownText is { } text ? text.Span : JsonText.RawContent(Value);

    /// <summary>The hash of a scalar, the same as <see cref="Scalar"/>'s; of anything else, something.</summary>
    public int ScalarHash
    {
        get
        {
            if (_hashOf == owner.CurrentDocument) return _hash;

            _hashOf = owner.CurrentDocument;
            _hash = Kind switch
            {
                JsonValueKind.Number => Utf8Hash.Of(Number),
                JsonValueKind.String => Utf8Hash.Of(Text),
                _ => (int)Kind,
            };
            return _hash;
        }
    }

    public void Set(JsonElement value)
    {
        IsPresent = true;
        _ownText = null;
        Value = value;
        Kind = value.ValueKind;
        Number = Kind == JsonValueKind.Number ? value.GetDouble() + 0.0 : double.NaN; // + 0.0 makes -0 a 0
        if (Kind == JsonValueKind.String && JsonText.IsEscaped(JsonText.RawContent(value))) _ownText = JsonText.Of(value);
    }

    public void Set(Utf8Text text)
    {
        IsPresent = true;
        _ownText = text;
        Value = default;
        Kind = JsonValueKind.String;
        Number = double.NaN;
    }

    /// <summary>Forgets the value, for the next document may have none.</summary>
    public void Clear()
    {
        IsPresent = false;
        _ownText = null;
        Value = default;
        Kind = JsonValueKind.Undefined;
        Number = double.NaN;
    }

    /// <summary>The point that the field holds, if it is present and holds one.</summary>
    public bool TryGetLocation(out GeoLocation location)
    {
        if (_locationOf != owner.CurrentDocument)
        {
            _locationOf = owner.CurrentDocument;
            _hasLocation = TryReadPoint(out var point);
            _location = _hasLocation ? new GeoLocation(point) : default;
        }

        location = _location;
        return _hasLocation;
    }

    /// <summary>Whether a present field is this scalar.</summary>
    public bool IsScalar(Scalar scalar) => Kind == scalar.Kind && Kind switch
    {
        JsonValueKind.Number => Number.Equals(scalar.Number),
        JsonValueKind.String => Text.SequenceEqual(scalar.Text.Span),
        _ => true,
    };

    private bool TryReadPoint(out GeoPoint point)
    {
        point = default;
        if (!IsPresent) return false;

        return _ownText is { } text ? GeoPointReader.TryRead(text, out point) : GeoPointReader.TryRead(Value, out point);
    }
}
