using System.Buffers;
using System.Text;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// A topic filter of the access list, in which a level <c>%u</c> stands for the name of the client's identity and a level <c>%c</c> for its client identifier.
/// </summary>
public sealed class TopicPattern
{
    /// <summary>What to write, to follow "must be".</summary>
    public const string Description = "a topic filter, in which a whole level may be %u (user name) or %c (client identifier), and that is not shared";

    private static readonly SearchValues<char> Special = SearchValues.Create("+#/\0");

    private readonly string[] _levels;

    private TopicPattern(string text)
    {
        Text = text;
        _levels = text.Split('/');
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern; null when the text is none.</summary>
    public static TopicPattern? Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!TopicFilter.IsValid(bytes) || TopicFilter.IsShared(bytes)) return null;

        var pattern = new TopicPattern(text);
        return pattern._levels.Any(static level => level.Length > 2 && (level.Contains("%u", StringComparison.Ordinal) || level.Contains("%c", StringComparison.Ordinal)))
            ? null
            : pattern;
    }

    /// <summary>
    /// The filter for one client; null when a placeholder has nothing to stand for: no name, or one that would be more than one plain level (with <c>+</c>, <c>#</c>
    /// or <c>/</c>, CVE-2017-7650) or make the filter one of the broker's own topics (<c>$</c> at its beginning).
    /// </summary>
    public string? Expand(ClientIdentity identity, string clientId) => Expand(identity, clientId, instead: null);

    /// <summary>The same; but what a placeholder cannot stand for is <c>+</c>, so that a denial is never too narrow.</summary>
    public string ExpandWidely(ClientIdentity identity, string clientId) => Expand(identity, clientId, instead: "+")!;

    private string? Expand(ClientIdentity identity, string clientId, string? instead)
    {
        var levels = new string[_levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            var name = _levels[i] switch
            {
                "%u" => identity.Name,
                "%c" => clientId,
                _ => null,
            };
            var isPlain = name is null || (name.Length > 0 && name.AsSpan().IndexOfAny(Special) < 0 && !(i == 0 && name[0] == '$'));
            if (!isPlain && instead is null) return null;

            levels[i] = isPlain ? name ?? _levels[i] : instead!;
        }

        return string.Join('/', levels);
    }
}
