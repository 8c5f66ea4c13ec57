#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace earshot {

/// What a phrase speaks for.
enum class Cue : std::uint8_t {
  commend,      ///< Says in so many words that the author recommends it.
  recommend,    ///< Tells others to buy, try, use or go, or says that the author recommends it.
  look,         ///< "check out ...": advice only as the start of a clause.
  must,         ///< "worth it", "a must have": praise that advises.
  loyal,        ///< Vows to stay, or defends: in a text of pleasure.
  vow,          ///< The same in words that need no such company.
  forever,      ///< "acme forever": a vow as the end of a short clause.
  warn,         ///< Tells others to keep away.
  avoid,        ///< The same by a verb that only an order or advice makes a warning.
  leave,        ///< Goes, cancels, boycotts, returns for good.
  condemn,      ///< Condemns it as a whole.
  purchase,     ///< The author plans or wants to buy.
  fault,        ///< Something does not work, did not come, was refused: a complaint by itself.
  annoyance,    ///< Displeasure that makes a complaint together with other signs.
  ask,          ///< Asks for an answer, if its clause ends in a question mark.
  ask_plainly,  ///< Asks for an answer without one, too.
  rhetorical,   ///< A question that wants no answer.
  request,      ///< Asks to do something.
  suggestion,   ///< Proposes a change.
  thanks,
  no_thanks,  ///< Thanks in name only.
  promotion,  ///< Prizes, giveaways, the author's own show.
  report,     ///< What follows is somebody else's word.
  mention,    ///< Names an account.
  dealing,    ///< What one has to do with a company about: orders, bills, staff.
  casual,     ///< Talk among people.
};
inline constexpr std::size_t cue_count = static_cast<std::size_t>(Cue::casual) + 1;

/// As people are told of them, in the order of `Cue`.
inline constexpr std::array<std::string_view, cue_count> cue_names{
    "commend",   "recommend",   "look",       "must",    "loyal",      "vow",    "forever",
    "warn",      "avoid",       "leave",      "condemn", "purchase",   "fault",  "annoyance",
    "ask",       "ask_plainly", "rhetorical", "request", "suggestion", "thanks", "no_thanks",
    "promotion", "report",      "mention",    "dealing", "casual"};

/// The phrases of one cue, separated by "|": lower case, without apostrophes. "_" stands for any
/// one word, "@" for any mention.
struct CuePhrases {
  Cue cue;
  std::string_view phrases;
};

/// All phrases that stance and intents are decided by. Each that occurs counts; none reaches over
/// the end of a clause.
inline constexpr auto cue_phrases = std::to_array<CuePhrases>({
    {Cue::commend,
     "i recommend|i also recommend|we recommend|id recommend|highly recommend|"
     "highly recommended|strongly recommend|definitely recommend|totally recommend|"
     "absolutely recommend|thoroughly recommend|wholeheartedly recommend|"
     "happily recommend|i can recommend"},
    {Cue::recommend,
     "like to recommend|really recommend|would recommend|recommend them|recommend it|"
     "recommend this|recommend you|recommend to anyone|recommend to everyone|"
     "you should try|you should get|you should buy|you should check|you should _ watch|"
     "you should watch|you should definitely|should try|you have to try|you need to try|"
     "you gotta try|you must try|must try|go get|go buy|go try|go see|go there|get yours|"
     "give them a try|give it a try|give them a go|do yourself a favor|"
     "do yourself a favour|treat yourself|dont miss|stop by the|get the app|get this app|"
     "get their app|get the _ app|get the _ _ app|order from them|shop there|"
     "shop with them|buy from them|buy local from|tell your friends|"
     "cannot recommend _ enough|cant recommend _ enough|cant recommend _ _ enough|"
     "cannot recommend _ highly enough|cant recommend _ highly enough|everyone should try|"
     "everyone should buy|everyone should use|everyone should get|everyone should go|"
     "get your veg from|get yours from|try them|try their|can only recommend|buy from|"
     "buy them|go for it|choose them over|pick them over|if you havent ordered from|"
     "if you havent tried|i suggest trying|i suggest you try|id suggest|i urge you|"
     "i can vouch for|i vouch for|i swear by|we swear by|hit up|give @ a try|give @ a go|"
     "give @ a shot|give this a try|give this a go|go with @|switch to @|shop at @|"
     "buy it from|make sure you get|make sure you try|make sure you visit|look no further|"
     "you need this|you need one|everyone needs this|everyone needs one|everyone needs to|"
     "yall need to try|you guys need to try|you wont find better|dont hesitate to|"
     "dont sleep on|run dont walk|treat yourselves|support your local|"
     "if you dont have one get"},
    {Cue::look, "check out|check it out|check them out|check this out|check em out|download"},
    {Cue::must,
     "worth every penny|worth every dollar|worth the price|worth the wait|worth the trip|worth a "
     "try|worth a visit|worth a look|"
     "an absolute must|must see|must read|must play|you cant go wrong|cant go wrong with|"
     "you wont be sorry|"
     "worth every cent|worth the money|worth your time|well worth|"
     "definitely worth|totally worth|so worth it|a must have|is a must|must have for|"
     "must buy|you wont regret|you wont be disappointed|best _ in town"},
    {Cue::loyal,
     "never switch|never switching|wouldnt trade|beats _ any day|prove me wrong|over _ any day|"
     "over _ _ any day|our go to|my go to"},
    {Cue::vow,
     "customer for life|loyal to|long live|never going back to|never go back to|"
     "wouldnt go anywhere else|wont go anywhere else|never shop anywhere else|"
     "wouldnt buy anywhere else|wont buy anywhere else|i disagree|im staying with|"
     "ill stay with|staying with @|never use anything else|wouldnt use anything else|"
     "never buy anything else|will always choose|ill always choose|always choose @|"
     "will always buy|never leave @|never leaving @|loyal customer of"},
    {Cue::forever, "forever|for life|for the win|ftw|all the way"},
    {Cue::warn,
     "dont buy|do not buy|never buy|dont ever buy|dont order|do not order|"
     "never order from|dont use|do not use|dont play|dont open|dont shop|do not shop|"
     "dont go to|dont go there|do not go|dont fly|do not fly|never fly|dont bother with|"
     "dont trust|dont waste your|do not waste your|"
     "boycott @|boycott them|total boycott|boycotting @|be warned|not recommend|"
     "wouldnt recommend|dont recommend|cant recommend|cannot recommend|couldnt recommend|"
     "wont recommend|never recommend|not worth the money|not worth it|go somewhere else|"
     "go elsewhere|dont get your|dont get it from"},
    {Cue::avoid,
     "save your money|save yourself the|avoid this|avoid them|avoid at all|avoid like|avoid @|"
     "stay away from|stay away|keep away from|steer clear|take your money elsewhere|"
     "take your business elsewhere|shop elsewhere|look elsewhere|think twice before|"
     "beware of"},
    {Cue::leave,
     "never again|never buying|never ordering|never flying|never shopping|"
     "never use _ again|never using|never fly _ again|never order _ again|"
     "never coming back|never going back there|not going back|not be going back|"
     "wont be going back|wont be back|wont be coming back|wont be buying|wont be using|"
     "wont be shopping|wont be ordering|last time i|last time im|last order with|"
     "not loyal anymore|lost a customer|lost my business|lost me as a customer|"
     "you lost me|no more money for|my business elsewhere|my money elsewhere|"
     "cancel my subscription|canceled my subscription|cancelled my subscription|"
     "cancel my account|closing my account|policy cancelled|im leaving @|im done with|"
     "given up on|i switched to|ive switched to|im switching to|all switching to|"
     "we are switching to|ditch you for|from now on we get|works much better than|bye @|"
     "canceling my @|cancelling my @|canceling my subscription|cancelling my subscription|"
     "canceling my account|cancelling my account|canceling my membership|"
     "cancelling my membership|cancelling my order and"},
    {Cue::condemn,
     "is the worst|are the worst|the worst customer service|the worst service|the absolute "
     "worst|seriously the worst|"
     "easily the worst|probably the worst|"
     "one of the worst|worst _ ever|worst _ of all time|worst company|worst airline|"
     "they suck|you suck|you sucks|you guys suck|being trash|is trash|is garbage|"
     "are a joke|are scammers|is a scam|is scamming|rip off merchants|fuck you|fuck @|"
     "hatred for|complete scam|total scam|worst brand|worst store|worst shop|worst bank|"
     "worst phone|worst network|worst provider|worst app"},
    {Cue::purchase,
     "i want a|i want an|i want one|i want to buy|i want to get|i want to order|"
     "i want to switch|want to order|id like to buy|id like to order|"
     "would like to order|would love to order|would love to buy|i need to buy|"
     "going to buy|gonna buy|go buy an|about to buy|im buying|ill be buying|"
     "im getting a|thinking of buying|thinking about buying|thinking of getting|"
     "thinking about getting|thinking of switching|thinking about switching|"
     "planning to buy|looking to buy|saving up for|cant wait to get|cant wait to buy|"
     "cant wait to order|cant wait to ditch|trying to pre order|to preorder|"
     "to pre order the|where can i buy|where do i buy|where can i get|i will try more|"
     "looks like im leaving|all switching to|im switching to|looking to take our|"
     "a better recommendation|how do i order|how can i order|can i order"},
    {Cue::fault,
     "cant get|cant seem|cant use|cant even|cant find|cant open|cant connect|cant order|"
     "cant pay|cant buy|wont accept|wont open|wont work|wont start|wont charge|keeps saying|"
     "keeps asking|keep asking|keep saying|keeps coming|where is my|wheres my|why is my|"
     "why are my|why isnt my|why cant i|why wont|why does my|why do i have|why do you keep|"
     "been trying|been on hold|tried calling|tried to call|not happy|not good enough|"
     "not acceptable|wrong item|wrong size|wrong order|wrong address|out of stock|not able to|"
     "no one has|nobody has|cut off|turned away|never got|never get|never showed|"
     "nothing happens|does not work|did not work|is not working|poor quality|bad quality|"
     "went wrong|gone wrong|sort it out|sort this out|let down|let me down|refuses to|"
     "not delivered|not arrived|not been delivered|hasnt been|havent been|hasnt come|"
     "not showing|not loading|not responding|not responded|no reason|no explanation|"
     "no internet|no connection|no power|no delivery|hung up on|told me to|false advertising|"
     "misleading|rip off|ripped off|robbed|stole|stolen|shocking service|appalling|shambles|"
     "joke of a|stop sending|stop calling|stop charging|wont refund|any reason why|"
     "get a refund|need a refund|want a refund|want my|give me my|sent me the wrong|"
     "not working|isnt working|arent working|wasnt working|stopped working|stops working|"
     "doesnt work|dont work|didnt work|wont work|not work|doesnt turn on|dont turn on|"
     "wont connect|wont load|wont let me|not letting me|doesnt let me|keeps crashing|"
     "keep getting|keeps getting|keeps telling me|error message|error messages|"
     "server errors|is down|is down again|down since|is broken|was broken|arrived broken|"
     "arrived damaged|broke after|is faulty|fell apart|was rotten|went bad|was missing|"
     "were missing|is missing|half empty|half full|still waiting|been waiting|"
     "waiting for over|waited|on hold|still havent|still hasnt|still no|still not|"
     "still cant|still didnt|havent received|not received|never received|never arrived|"
     "never came|didnt arrive|hasnt arrived|havent heard|no response|no reply|no answer|"
     "not answering|nobody is answering|nobody answers|no one answers|no one picking|"
     "no help|no call back|unanswered emails|got cancelled|cancel my order|"
     "canceling my order|cancelling my order|cancelled my order|canceled my order|"
     "keeps being delayed|hours late|days late|lost our|lost my|been charged|"
     "being charged|getting charged|charged me|charging me|charged twice|overcharged|"
     "refuse to|refused to|no refund|my money back|a refund|poor service|bad service|"
     "terrible service|horrible service|awful service|rubbish service|poor customer|"
     "bad customer|terrible customer|horrible customer|worst customer|worst service|worst "
     "experience|crappy customer|"
     "customer service|very disappointed|really disappointed|so disappointed|"
     "disappointed in|disappointed with|disappointed|disappointing|let down by|"
     "what a let down|unacceptable|ridiculous|disgrace|disgusting|a joke|what gives|"
     "whats going on|whats up with|what is going on|are you kidding|sick of|tired of|"
     "fed up|waste of|wasted|scam|scammed|lagged|expired|get your act together|"
     "get your shit together|fix your|fix this|fix the|needs to fix|how hard is it|"
     "this problem|what is the problem|thanks for ruining|not impressed|ruined my|"
     "help with|held hostage|doesnt sound right|wont stay|wont budge|wont turn|went dead|"
     "go dead|battery sucks|is this normal|doesnt load|cant log in|cant login|cant access|"
     "cant sign in|cant get through|no longer works|no signal|no service|power outage|"
     "hangs up on"},
    {Cue::annoyance,
     "worst|terrible|horrible|awful|pathetic|useless|rude|sucks|suck|shit|crap|trash|"
     "garbage|bullshit|fail|fails|failed|nothappy|broken|broke|slow|delayed|delay|late|"
     "cancelled|canceled|issue|issues|problem|problems|error|errors|crash|crashed|bug|"
     "bugs|glitch|outage|outages|refund|complaint|complained|wrong|cant|cannot|wont|"
     "unable|never|nobody|unprofessional|frustrating|frustrated|annoying|wtf|again|"
     "expensive|damaged|dead|lag|laggy|denied|hours|upset|not|no|without|didnt|doesnt|"
     "isnt|still|already|disappeared|promised|supposed to|waiting|days|weeks|minutes|"
     "stuck|smells|ruined|ruining|missing|shame|how come|lost|down|trouble|struggling|"
     "nothing|instead|hung up|hangs up|charge|charged|confused|stop|worse|bad|poor"},
    {Cue::ask,
     "do you have|do you deliver|do you ship|do you offer|do you accept|anyone else|"
     "any idea|any update|any updates|any news|how do you|how much|how many|how soon|"
     "how long|can i|can we|could i|may i|is there|are there|is it possible|are you guys|"
     "are you going|when are|when is|when does|when do|what time|what is the|whats the|"
     "what about|what do ya|what do i|what should i|which one|which do you|will there|"
     "will it|will you|does it|is this just me|tips|should i|can you recommend|"
     "can anyone recommend|why isnt|tips|thoughts|any help|any suggestions|any advice|"
     "which of|what are"},
    {Cue::ask_plainly,
     "does anyone|does anybody|anyone know|anybody know|how do i|how can i|how can we|"
     "where can i|where do i|when will|when are you|do you guys|do you still|"
     "what is the plan|can i please|what should i do|why isnt it working"},
    {Cue::rhetorical,
     "are you kidding|are you serious|are you joking|you kidding me|who does that|"
     "how hard is it|how hard can it|what is wrong with you|whats wrong with you|"
     "what the|wtf|guess what|how many times|who knew|am i right|how about them|"
     "did you guys think|did you fucking|what do you expect|isnt it|have you heard"},
    {Cue::request,
     "please help|please assist|please fix|please stop|please send|please respond|"
     "please reply|please call|please contact|please check|please kindly|"
     "please cancel|please explain|please advise|please dont|please do|please bring|"
     "please make|please let|please look|please follow|please get|please give|"
     "please put|please resolve|please refund|please update|please share|"
     "please deliver|please change|pls help|pls fix|pls cancel|pls do|pls send|"
     "plz help|plz fix|help please|help pls|help me|help us|need help|need assistance|"
     "can you please|could you please|would you please|can someone|could someone|"
     "can somebody|can you help|could you help|can you send|can you do|can you fix|"
     "can you check|can you look|can you rectify|can you call|can you deliver|"
     "could you send|could you deliver|can i please get|can i get some assistance|"
     "anything we can do|fix your|fix random|needs to fix|time you fix|"
     "get your act together and|check your dms|check your dm|check my dm|answer my dm|"
     "dm me|call me|send me a|should send me|get back to me|if you dont fix|"
     "would be nice|give me a refund|bring back|release a"},
    {Cue::suggestion,
     "you should make|you should do|you should do this|you should add|"
     "you should consider|yall should|you guys should|should consider|should be added|"
     "should add|should offer|should have an option|there should be|it should specify|"
     "you need an option|please add|please consider|would be a great addition|"
     "would be the best addition|be a great addition|would be great if|"
     "would be nice if|would be cool if|would be better if|would love it if|"
     "wish you would|wish you had|wish you could|wish they would|suggestion|i suggest|"
     "really needs the|needs an option|how about adding|have you considered|"
     "have you thought about|feature request|could come in handy|feedback for|"
     "so make an"},
    {Cue::thanks,
     "thank you|thank u|thankyou|thanks|thanx|thx|thnx|tysm|ty|many thanks|"
     "much appreciated|i appreciate|we appreciate|really appreciate|cheers for|"
     "cheers guys"},
    {Cue::no_thanks,
     "no thanks|no thank you|thanks to|thanks but no|thanks for nothing|"
     "thank you for nothing|thank god|thanks a lot for|thank you for your interest|"
     "say thank you|thanks for charging|thanks for ruining|thanks for canceling|"
     "thanks for cancelling|thanks for not|thanks for the spam|thanks for wasting"},
    {Cue::promotion,
     "giveaway|win a|enter to win|to win|chance to win|sponsored|ad|promo code|"
     "use my code|my link|my stream|our stream|twitch|streaming|streams|is live|live now|"
     "my channel|my new video|we offer|we can help|our website|our products|our store|"
     "our shop|our app|our new|check out my|check out our|my new|my latest|my screenshot|"
     "i just got|free access|enter our|follow my|our customers|our returning|our business|our "
     "team|our page|"
     "family owned business|come see us|visit us|visit our|join us|call us|contact us|"
     "shop our|book now|order now|sign up now|link in bio|link in my bio|subscribe|"
     "well be|for sale|discount code|my shop|my store|my etsy|grab yours|"
     "limited time"},
    {Cue::report,
     "says|said|saying|told me|telling me to|tells me|tell me to|according to|"
     "reviewer|review for|keeps recommending|claims"},
    {Cue::mention, "@"},
    {Cue::dealing,
     "order|orders|ordered|ordering|delivery|deliver|delivered|deliveries|driver|courier|"
     "package|parcel|shipping|shipped|tracking|stock|receive|received|refund|refunded|return|"
     "returned|exchange|replacement|warranty|account|password|login|log in|website|app|"
     "page|online|internet|connection|network|signal|wifi|broadband|service|services|staff|"
     "store|branch|manager|support|agent|rep|reps|response|reply|replied|respond|email|emails|"
     "emailed|call|calls|called|phone|call back|dm|line|ticket|booking|booked|flight|"
     "bill|billed|bills|invoice|paid|pay|payment|price|charges|money|card|bought|purchased|"
     "bank|customer|customers|company|business|battery|screen|software|update|updates|"
     "updated|hour|an hour|minutes|yesterday|weeks|months|times|every time|why|where is my|"
     "why is|when will|trying|tried|unable to|this issue"},
    {Cue::casual,
     "lol|lmao|haha|hahaha|omg|he|him|his|shes|she|her|hes|via|kids|family|mom|mum|dad|"
     "bro|dude|amazing|awesome|best|great|love|loved|loves|life|tonight|tomorrow|game|games|"
     "playing|play|video|song|album|movie|team|win|congrats|congratulations|happy|birthday|"
     "fun|cool|nice|beautiful|excited|enjoy|enjoyed|giveaway|rt|literally|probably|remember|"
     "okay|ready|top|person|people|who|hope|good luck|ya|yeah|yes|sure|thats|excellent|perfect|"
     "brilliant|fantastic|appreciate"},
});

/// Words that turn round what follows within three words.
inline constexpr auto negating_words = std::to_array<std::string_view>(
    {"not",      "no",    "never",  "dont",   "doesnt",  "didnt",  "isnt",
     "wasnt",    "arent", "cant",   "cannot", "couldnt", "wont",   "wouldnt",
     "shouldnt", "aint",  "hardly", "nobody", "without", "havent", "hasnt"});

/// One of these within two words before a recommendation or a warning: it is not the author's
/// advice.
inline constexpr auto other_people = std::to_array<std::string_view>(
    {"he",       "she",      "they",    "friend", "friends", "people", "who", "doctor",
     "everyone", "somebody", "someone", "anyone", "reviews", "ads",    "did", "to",
     "if",       "whether",  "could",   "might",  "cant",    "wont",   "able"});

/// Before a verb of keeping away, besides what an imperative may follow: advice.
inline constexpr auto before_advice = std::to_array<std::string_view>(
    {"you", "to", "would", "id", "better", "people", "yall", "ill", "will", "gonna", "suggest",
     "recommend", "everybody", "folks", "friends"});

/// Where one of these stands, what is recommended is to keep away.
inline constexpr auto words_of_avoiding =
    std::to_array<std::string_view>({"avoid", "avoiding", "against", "elsewhere"});

/// Before "forever" these say how long something takes.
inline constexpr auto before_forever =
    std::to_array<std::string_view>({"takes", "took", "taking", "take", "waited", "waiting", "wait",
                                     "been", "gone", "lasts", "lasted", "hold", "its", "for"});

/// Conditions that anybody may meet: "if you like coffee, check out ...".
inline constexpr auto ordinary_conditions = std::to_array<std::string_view>(
    {"you", "youre", "your", "u", "ur", "ure", "youve", "anyone", "anybody", "yall"});

/// Whose own things these are: "check out our ..." promotes.
inline constexpr auto own_words =
    std::to_array<std::string_view>({"my", "our", "we", "us", "mine", "ours"});

/// Before "don't use" and the like: who does so, or a plea.
inline constexpr auto before_plain_negation =
    std::to_array<std::string_view>({"i", "we", "u", "you", "please", "pls", "that", "it", "just"});

/// With one of these in it a question is not only rhetoric about the world.
inline constexpr auto people_asked =
    std::to_array<std::string_view>({"i", "im", "ive", "my", "me", "we", "our", "us", "you", "your",
                                     "u", "ur", "yall", "anyone", "anybody", "someone", "there"});

/// "can you ...": a request, unless it goes on with one of these.
inline constexpr auto asking_verbs =
    std::to_array<std::string_view>({"tell", "recommend", "explain", "say", "confirm", "deliver",
                                     "ship", "have", "be", "use", "get", "still"});

/// An imperative may follow these.
inline constexpr auto before_imperative = std::to_array<std::string_view>(
    {"please", "pls",        "also", "and",  "so",   "go",  "must", "should",
     "gotta",  "definitely", "now",  "just", "then", "hey", "guys", "everyone",
     "fast",   "rt",         "sure", "sxsw", "to",   "nice"});

/// A clause that starts with one of these, past names and greetings, and ends in a question mark is
/// a question.
inline constexpr auto question_words = std::to_array<std::string_view>(
    {"who", "what", "whats", "when",   "where",   "wheres", "how",   "hows",   "which", "is",
     "are", "am",   "do",    "does",   "did",     "can",    "could", "will",   "would", "should",
     "has", "have", "any",   "anyone", "anybody", "isnt",   "arent", "doesnt", "dont",  "may"});

/// Words that a clause may open with before its first own word.
inline constexpr auto openers = std::to_array<std::string_view>(
    {"hi",   "hello", "hey",   "dear", "so",     "and",   "but",      "ok",
     "okay", "well",  "also",  "then", "please", "quick", "question", "just",
     "yo",   "hay",   "there", "guys", "team",   "rt",    "or"});

}  // namespace earshot
