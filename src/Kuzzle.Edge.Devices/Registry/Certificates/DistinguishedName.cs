using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Devices.Registry.Certificates;

/// <summary>
/// Names of certificates so that they can be compared: programs write the parts in either order and with or without spaces, so the parts are sorted. Within one authority
/// no two names differ in nothing but the order.
/// </summary>
internal static class DistinguishedName
{
    /// <summary>The name of a certificate.</summary>
    public static string KeyOf(X500DistinguishedName name)
    {
        var parts = name.EnumerateRelativeDistinguishedNames()
            .Select(part => part.HasMultipleElements ? Convert.ToHexString(part.RawData.Span) : $"{part.GetSingleElementType().Value}={part.GetSingleElementValue()}")
            .Order(StringComparer.Ordinal);
        return string.Join('\n', parts);
    }

    /// <summary>A name as text, such as <c>CN=dev1, O=Plant</c>; null when it is none.</summary>
    public static string? KeyOf(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal)) return null;
        try
        {
            return KeyOf(new X500DistinguishedName(text));
        }
        catch (CryptographicException)
        {
            return null; // Aliases may be any text, and this one is no name of a certificate.
        }
    }
}
