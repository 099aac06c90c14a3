namespace Kuzzle.Edge.Broker.Access;

/// <summary>Whom a rule of the access list is for.</summary>
public sealed class AccessSubject
{
    /// <summary>What to write, to follow "must be".</summary>
    public const string Description = "\"everyone\", \"anonymous\", or \"user:NAME\", \"device:NAME\" or \"client:ID\", in which * stands for any characters";

    private readonly Kinds _kind;
    private readonly string _pattern;

    private AccessSubject(Kinds kind, string pattern, string text)
    {
        _kind = kind;
        _pattern = pattern;
        Text = text;
    }

    private enum Kinds
    {
        Everyone,
        Anonymous,
        User,
        Device,
        Client,
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a subject; null when the text is none.</summary>
    public static AccessSubject? Parse(string text)
    {
        if (text == "everyone") return new AccessSubject(Kinds.Everyone, "", text);
        if (text == "anonymous") return new AccessSubject(Kinds.Anonymous, "", text);

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1) return null;

        Kinds? kind = text[..colon] switch
        {
            "user" => Kinds.User,
            "device" => Kinds.Device,
            "client" => Kinds.Client,
            _ => null,
        };
        return kind is null ? null : new AccessSubject(kind.Value, text[(colon + 1)..], text);
    }

    /// <summary>Whether a client is meant.</summary>
    public bool Matches(ClientIdentity identity, string clientId) => _kind switch
    {
        Kinds.Everyone => true,
        Kinds.Anonymous => identity.Kind == IdentityKind.Anonymous,
        Kinds.User => identity.Kind == IdentityKind.User && Matches(_pattern, identity.Name),
        Kinds.Device => identity.Kind == IdentityKind.Device && Matches(_pattern, identity.Name),
        _ => Matches(_pattern, clientId),
    };

    /// <summary>Goes back to the last star only, so the cost is at most the product of both lengths.</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (at, star, resume) = (0, -1, 0);
        for (var i = 0; i < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                resume = i;
            }
            else if (at < pattern.Length && pattern[at] == name[i])
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].IndexOfAnyExcept('*') < 0;
    }
}
