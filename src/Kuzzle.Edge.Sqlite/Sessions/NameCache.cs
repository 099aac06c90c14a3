using System.Text;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>
/// Gives one copy of a name to all who have it: a million messages of one topic and one client do not have a million copies of their names. Of fixed size: a
/// name may lose its place to another.
/// </summary>
internal sealed class NameCache
{
    private readonly Place[] _places = new Place[4096];

    public byte[] Bytes(ReadOnlySpan<byte> name) => PlaceOf(name).Bytes!;

    public string Text(ReadOnlySpan<byte> utf8)
    {
        ref var place = ref PlaceOf(utf8);
        return place.Text ??= Encoding.UTF8.GetString(utf8);
    }

    private ref Place PlaceOf(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        ref var place = ref _places[hash.ToHashCode() & (_places.Length - 1)];
        if (place.Bytes is null || !name.SequenceEqual(place.Bytes)) place = new Place { Bytes = name.ToArray() };
        return ref place;
    }

    private struct Place
    {
        public byte[]? Bytes;
        public string? Text;
    }
}
