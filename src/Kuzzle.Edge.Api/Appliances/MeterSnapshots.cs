using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Appliances;

/// <summary>
/// Listens to the instruments of this product's meters from its construction to its disposal, and tells what they have measured. The number of series has a bound:
/// what comes beyond is not kept, but counted.
/// </summary>
internal sealed class MeterSnapshots : IDisposable
{
    /// <summary>Some hundred are in use; tags made of what clients send would otherwise grow without end.</summary>
    private const int MaxSeries = 2000;

    private const string Ours = "Kuzzle.Edge";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (Instrument Instrument, string Tags, MeterReading Reading)> _series = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private long _dropped;
    private long _round;

    public MeterSnapshots()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(Ours, StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument, new MeterReading());
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, untagged) => Record(instrument, value, tags, (MeterReading)untagged!));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, untagged) => Record(instrument, value, tags, (MeterReading)untagged!));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, untagged) => Record(instrument, value, tags, (MeterReading)untagged!));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, untagged) => Record(instrument, value, tags, (MeterReading)untagged!));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, untagged) => Record(instrument, value, tags, (MeterReading)untagged!));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, untagged) => Record(instrument, value, tags, (MeterReading)untagged!));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, untagged) => Record(instrument, (double)value, tags, (MeterReading)untagged!));
        _listener.Start();
    }

    /// <summary>All series now, without those of instruments that are asked and do not tell of them any more: <c>[{meter, name, unit, description, type, tags, value}]</c>, or with count, sum and max for a distribution.</summary>
    public JsonObject Take()
    {
        lock (_lock) _round++;
        _listener.RecordObservableInstruments();
        var series = new JsonArray();
        lock (_lock)
        {
            foreach (var key in _series.Where(one => one.Value is { Instrument.IsObservable: true, Tags.Length: > 2 } && one.Value.Reading.Round < _round).Select(one => one.Key).ToList()) _series.Remove(key);
            foreach (var (instrument, tags, reading) in _series.Values) series.Add((JsonNode)Show(instrument, tags, reading));
            return new JsonObject { ["metrics"] = series, ["droppedSeries"] = _dropped };
        }
    }

    public void Dispose() => _listener.Dispose();

    private static JsonObject Show(Instrument instrument, string tags, MeterReading reading)
    {
        var kind = KindOf(instrument);
        var shown = new JsonObject
        {
            ["meter"] = instrument.Meter.Name,
            ["name"] = instrument.Name,
            ["type"] = kind,
            ["unit"] = instrument.Unit,
            ["description"] = instrument.Description,
            ["tags"] = JsonNode.Parse(tags),
        };
        if (kind == "histogram")
        {
            shown["count"] = reading.Count;
            shown["sum"] = reading.Sum;
            shown["max"] = reading.Max;
        }
        else
        {
            shown["value"] = IsAdded(instrument) ? reading.Sum : reading.Last;
        }

        return shown;
    }

    /// <summary>By the name of its type: the generic types have no common ancestor that tells.</summary>
    private static string KindOf(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : name.Contains("Gauge", StringComparison.Ordinal) ? "gauge"
            : name.Contains("UpDown", StringComparison.Ordinal) ? "updowncounter"
            : "counter";
    }

    /// <summary>A counter tells what came to it; one that is asked tells its whole.</summary>
    private static bool IsAdded(Instrument instrument) => !instrument.IsObservable && KindOf(instrument) != "gauge";

    /// <summary>Without tags nothing is allocated but at the first time: some instruments are used for each message.</summary>
    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, MeterReading untagged)
    {
        if (!double.IsFinite(value)) return; // JSON has no number for it.

        lock (_lock)
        {
            var reading = tags.IsEmpty && untagged.Count > 0 ? untagged : Find(instrument, Show(tags), tags.IsEmpty ? untagged : null);
            if (reading is null) return;

            reading.Round = _round;
            reading.Count++;
            reading.Sum += value;
            reading.Last = value;
            reading.Max = Math.Max(reading.Max, value);
        }
    }

    private MeterReading? Find(Instrument instrument, string tags, MeterReading? untagged)
    {
        var key = $"{instrument.Meter.Name} {instrument.Name} {tags}";
        if (_series.TryGetValue(key, out var series)) return series.Reading;
        if (_series.Count >= MaxSeries)
        {
            _dropped++;
            return null;
        }

        _series.Add(key, series = (instrument, tags, untagged ?? new MeterReading()));
        return series.Reading;
    }

    private static string Show(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "{}";

        var shown = new JsonObject();
        foreach (var (name, value) in tags) shown[name] = value?.ToString();
        return shown.ToJsonString();
    }
}
