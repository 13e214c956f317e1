using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Razor.Language;
using Microsoft.AspNetCore.Razor.Language.Intermediate;

namespace LmPlayground.Web.Tests.Texts;

/// <summary>The texts that are written into a component instead of into its resources, found by Razor's own parser.</summary>
internal static partial class RazorLiterals
{
    /// <summary>Attributes that people read or hear, of elements and of components.</summary>
    private static readonly HashSet<string> Spoken = new(StringComparer.OrdinalIgnoreCase)
    {
        "title", "aria-label", "aria-description", "aria-valuetext", "aria-roledescription", "placeholder", "alt", "label", "help", "text", "helpertext", "arialabel",
    };

    /// <summary>What is no language: keys of a keyboard, names of settings, icons.</summary>
    private static readonly string[] Exempt = ["kbd", "code", "script", "style", "svg", "path"];

    /// <summary>The component's literal texts.</summary>
    /// <param name="root">The folder of the components.</param>
    /// <param name="file">The component's file.</param>
    internal static IEnumerable<string> Of(string root, string file)
    {
        var files = RazorProjectFileSystem.Create(root);
        var engine = RazorProjectEngine.Create(RazorConfiguration.Default, files);
        var document = engine.Process(files.GetItem("/" + Path.GetRelativePath(root, file), FileKinds.Component)).GetDocumentIntermediateNode();
        return In(document).Where(text => Word().IsMatch(text)).Select(text => Spaces().Replace(text.Trim(), " "));
    }

    private static IEnumerable<string> In(IntermediateNode node)
    {
        switch (node)
        {
            case MarkupElementIntermediateNode element when Exempt.Contains(element.TagName):
                return [];
            case MarkupBlockIntermediateNode block:
                return InMarkup(block.Content);
            case HtmlContentIntermediateNode content:
                return content.Children.All(token => token is IntermediateToken { Content: var text } && text.TrimStart().StartsWith("<!DOCTYPE", StringComparison.Ordinal)) ? [] : [TextOf(content)];
            case HtmlAttributeIntermediateNode named:
                var value = string.Concat(named.Children.OfType<HtmlAttributeValueIntermediateNode>().Select(part => part.Prefix + TextOf(part)));
                IEnumerable<string> literal = Spoken.Contains(named.AttributeName) && !Expression().IsMatch(value) ? [value] : [];
                return literal.Concat(named.Children.SelectMany(child => child is HtmlAttributeValueIntermediateNode ? [] : In(child)));
            case IntermediateToken { IsCSharp: true } code:
                return InCode(code.Content);
            default:
                return node.Children.SelectMany(child => In(child));
        }
    }

    private static string TextOf(IntermediateNode node) => string.Concat(node.Children.OfType<IntermediateToken>().Where(token => token.IsHtml).Select(token => token.Content));

    private static IEnumerable<string> InMarkup(string markup)
    {
        var fragment = new HtmlParser().ParseDocument($"<body>{markup}</body>");
        foreach (var node in fragment.All.Where(element => !Exempt.Contains(element.LocalName)))
        {
            foreach (var text in node.ChildNodes.OfType<IText>())
                yield return text.Data;
            foreach (var spoken in node.Attributes.Where(spoken => Spoken.Contains(spoken.Name)))
                yield return spoken.Value;
        }
    }

    /// <summary>Sentences in code: two words or more that begin like one. Names of classes and of resources have none.</summary>
    private static IEnumerable<string> InCode(string code) => Literal().Matches(Comment().Replace(code, "")).Select(match => match.Groups[1].Value).Where(text => Sentence().IsMatch(text));

    /// <summary>What a component is given without an @ and is no text: names and calls.</summary>
    [GeneratedRegex("^[\\w?!.]*[._(\\[?][\\w?!.\\[\\]()=> ]*$")]
    private static partial Regex Expression();

    [GeneratedRegex("\\p{L}{2}")]
    private static partial Regex Word();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("//[^\\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex("^\\p{Lu}\\p{Ll}+ \\p{L}|\\p{L} \\p{Ll}+[ .:,]|\\} \\p{Ll}{2,}$|^ \\p{Ll}{2,}")]
    private static partial Regex Sentence();
}
